package dev.slackline.backend.kafka;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * How far a group is in a partition, beyond the one offset that Kafka keeps: goes with that offset as its metadata, so that
 * both are committed together, by the owner of the partition alone. Everything before the offset is settled; from there
 * up to {@code covers} what is named here is not, and the rest is; from {@code covers} on nothing is.
 *
 * @param declaration of the group: progress of one that was dropped means nothing
 * @param base from where on not everything is settled
 * @param covers the first offset that is not told of
 * @param unsettled the offsets that are not settled, and what is known of each
 */
record Progress(long declaration, long base, long covers, NavigableMap<Long, Mark> unsettled) {

    /** What brokers allow for metadata unless they are told otherwise. */
    private static final int MOST_CHARS = 4_000;

    private static final byte VERSION = 1;
    private static final int MARKED = 2; // how many bits of a number tell what follows

    /**
     * What is known of one that is not settled.
     *
     * @param attempt which one is due or under way
     * @param dueMillis when its delay is over; 0 when it waits for none
     * @param token of the delivery that another process holds; 0 when none does
     * @param leaseMillis for how long that may be held
     */
    record Mark(int attempt, long dueMillis, long token, long leaseMillis) {
        static final Mark NONE = new Mark(1, 0, 0, 0);
    }

    static Progress none(long declaration, long offset) {
        return new Progress(declaration, offset, offset, new TreeMap<>());
    }

    /** How far a group is in a partition; where it is declared to begin if nothing of it is committed. */
    static Progress of(Registry.Declaration group, int partition, @Nullable OffsetAndMetadata committed) {
        Progress progress = committed == null ? null : read(committed.offset(), committed.metadata());
        return progress == null || progress.declaration() != group.id()
                ? none(group.id(), group.start(partition))
                : progress;
    }

    boolean isSettled(long offset) {
        return offset < covers && !unsettled.containsKey(offset);
    }

    Mark mark(long offset) {
        return unsettled.getOrDefault(offset, Mark.NONE);
    }

    /** How many wait between these offsets, the second one not included. */
    long waiting(long from, long end) {
        long told = Math.max(from, Math.min(covers, end));
        return unsettled.subMap(from, true, told, false).size() + Math.max(0, end - told);
    }

    /** How many wait for their time. */
    long delayed(long nowMillis) {
        return unsettled.values().stream()
                .filter(mark -> mark.dueMillis() > nowMillis)
                .count();
    }

    /** A progress, and as what it is committed. */
    record Written(Progress progress, String metadata) {}

    /** As metadata; tells of fewer offsets where all of them would be too long. */
    Written write() {
        long upTo = covers;
        while (true) {
            Progress part =
                    upTo == covers ? this : new Progress(declaration, base, upTo, unsettled.headMap(upTo, false));
            String metadata = Base64.getEncoder().withoutPadding().encodeToString(part.encode());
            if (metadata.length() <= MOST_CHARS || upTo <= base) {
                return new Written(part, metadata);
            }
            upTo = base + (upTo - base) / 2;
        }
    }

    private byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(32 + unsettled.size() * 40);
        out.put(VERSION).putLong(declaration);
        putNumber(out, covers - base);
        List<Long> run = new ArrayList<>();
        long next = base;
        for (var one : unsettled.entrySet()) {
            if (one.getValue().equals(Mark.NONE) && (run.isEmpty() || run.get(run.size() - 1) + 1 == one.getKey())) {
                run.add(one.getKey());
                continue;
            }
            next = putRun(out, run, next);
            if (one.getValue().equals(Mark.NONE)) {
                run.add(one.getKey());
            } else {
                next = putMarked(out, one.getKey(), one.getValue(), next);
            }
        }
        putRun(out, run, next);
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    /** So many settled, then so many that are not and that nothing is to be said of. */
    private static long putRun(ByteBuffer out, List<Long> run, long next) {
        if (run.isEmpty()) {
            return next;
        }
        putNumber(out, (run.get(0) - next) << MARKED);
        putNumber(out, run.size());
        long after = run.get(run.size() - 1) + 1;
        run.clear();
        return after;
    }

    /** So many settled, then one of which something is to be said. */
    private static long putMarked(ByteBuffer out, long offset, Mark mark, long next) {
        boolean lent = mark.token() != 0;
        putNumber(out, ((offset - next) << MARKED) | (lent ? 2 : 1));
        putNumber(out, mark.attempt());
        putNumber(out, lent ? mark.leaseMillis() : mark.dueMillis());
        if (lent) {
            out.putLong(mark.token());
        }
        return offset + 1;
    }

    /** What was committed with this offset; null if it is not ours. */
    static @Nullable Progress read(long base, String metadata) {
        try {
            ByteBuffer in = ByteBuffer.wrap(Base64.getDecoder().decode(metadata));
            if (in.get() != VERSION) {
                return null;
            }
            long declaration = in.getLong();
            long covers = base + number(in);
            TreeMap<Long, Mark> unsettled = new TreeMap<>();
            long next = base;
            while (in.hasRemaining()) {
                long head = number(in);
                next += head >>> MARKED;
                int kind = (int) (head & 3);
                if (kind == 0) {
                    for (long left = number(in); left > 0; left--) {
                        unsettled.put(next++, Mark.NONE);
                    }
                } else {
                    int attempt = (int) number(in);
                    long millis = number(in);
                    unsettled.put(
                            next++,
                            kind == 2 ? new Mark(attempt, 0, in.getLong(), millis) : new Mark(attempt, millis, 0, 0));
                }
            }
            return new Progress(declaration, base, covers, unsettled);
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            return null;
        }
    }

    /** Seven bits a byte, the lowest first. */
    private static void putNumber(ByteBuffer out, long number) {
        long rest = number;
        while ((rest & ~0x7fL) != 0) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    private static long number(ByteBuffer in) {
        long number = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = in.get();
            number |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return number;
            }
        }
        throw new IllegalArgumentException("a number of more than 64 bits");
    }
}
