package dev.slackline.backend.kafka;

import dev.slackline.backend.kafka.Entry.State;
import dev.slackline.queue.QueueException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a share group has given to this process and waits for word of. The broker knows no attempt, no delay and no holder
 * that outlives its connection: what needs any of these is moved to a topic that is consumed in the other way, and is
 * accepted here when it is there. Guarded by the monitor of the {@link Holdings}.
 */
final class Acquired extends Origin {

    /** What the broker is to be told of one. */
    record Word(
            Entry entry,
            ConsumerRecord<byte[], byte[]> record,
            AcknowledgeType type,
            @Nullable Waiting waiting) {}

    /** One that is to be stored elsewhere. */
    record Move(Entry entry, Progress.Mark mark, @Nullable CompletableFuture<Boolean> passing) {}

    private final Holdings holdings;
    private final Map<Entry, ConsumerRecord<byte[], byte[]>> records = new LinkedHashMap<>();
    private final Map<Entry, AcknowledgeType> words = new LinkedHashMap<>();
    private final Map<Entry, Waiting> waiting = new HashMap<>();
    private final List<Move> moves = new ArrayList<>();

    Acquired(Holdings holdings) {
        this.holdings = holdings;
    }

    // --- as an origin; the monitor is held

    @Override
    void settled(Entry entry) {
        words.put(entry, AcknowledgeType.ACCEPT);
    }

    @Override
    boolean changed(Entry entry) {
        moves.add(new Move(entry, new Progress.Mark(entry.attempt, entry.dueMillis, 0, 0), null));
        return false;
    }

    @Override
    void await(Waiting one) {
        if (records.containsKey(one.entry())) {
            waiting.put(one.entry(), one);
        }
    }

    // --- what comes

    /** For a group of its own. */
    void add(Entry entry, ConsumerRecord<byte[], byte[]> record) {
        synchronized (holdings) {
            records.put(entry, record);
            holdings.offer(entry);
        }
    }

    /** For another group: nobody needs it here. */
    void pass(Entry entry, ConsumerRecord<byte[], byte[]> record) {
        synchronized (holdings) {
            entry.state = State.SETTLED;
            records.put(entry, record);
            words.put(entry, AcknowledgeType.ACCEPT);
        }
    }

    /** It was given out before, and the broker gives out none for ever: it is moved before anybody sees it. */
    void rescue(Entry entry, ConsumerRecord<byte[], byte[]> record) {
        synchronized (holdings) {
            entry.state = State.MOVING;
            records.put(entry, record);
            changed(entry);
        }
    }

    boolean isEmpty() {
        synchronized (holdings) {
            return records.isEmpty();
        }
    }

    // --- what goes

    /** What the broker is to be told now. */
    List<Word> words() {
        synchronized (holdings) {
            List<Word> now = new ArrayList<>(words.size());
            words.forEach((entry, type) -> {
                ConsumerRecord<byte[], byte[]> record = records.remove(entry);
                if (record != null) {
                    now.add(new Word(entry, record, type, waiting.remove(entry)));
                }
            });
            words.clear();
            return now;
        }
    }

    /** What is to be moved now. */
    List<Move> moves() {
        synchronized (holdings) {
            List<Move> now = List.copyOf(moves);
            moves.clear();
            return now;
        }
    }

    /** Those who hold something keep it, and settle it where it is moved to. */
    void moveHeld(long nowMillis) {
        synchronized (holdings) {
            for (Entry entry : records.keySet()) {
                KafkaDelivery delivery = entry.delivery;
                if (entry.state == State.HELD && delivery != null && delivery.isHeld()) {
                    long token = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
                    CompletableFuture<Boolean> passing = new CompletableFuture<>();
                    delivery.lend(token, passing);
                    holdings.withdraw(entry);
                    long left = Math.max(0, delivery.leaseEndMillis() - nowMillis);
                    moves.add(new Move(entry, new Progress.Mark(entry.attempt, 0, token, left), passing));
                }
            }
        }
    }

    /** Other processes may have what nobody has asked for here. */
    void giveBackReady() {
        synchronized (holdings) {
            for (Entry entry : records.keySet()) {
                if (entry.state == State.READY) {
                    holdings.withdraw(entry);
                    words.put(entry, AcknowledgeType.RELEASE);
                }
            }
        }
    }

    /** It is stored there. */
    void moved(Move move) {
        synchronized (holdings) {
            words.put(move.entry(), AcknowledgeType.ACCEPT);
        }
        if (move.passing() != null) {
            move.passing().complete(true);
        }
    }

    /** It is not, and has to be handed out again here. @return whom to tell */
    @Nullable
    Waiting notMoved(Move move) {
        Waiting told;
        synchronized (holdings) {
            Entry entry = move.entry();
            told = waiting.remove(entry);
            if (entry.delivery != null) {
                entry.delivery.lose();
                entry.delivery = null;
            }
            if (records.containsKey(entry)) {
                holdings.offer(entry);
            }
        }
        if (move.passing() != null) {
            move.passing().complete(false);
        }
        return told;
    }

    /** The broker gives all of it to others, or has done so. @return whom to tell that it is not known what was stored */
    List<Waiting> abandon(boolean releasing) {
        synchronized (holdings) {
            List<Waiting> told = new ArrayList<>();
            for (Entry entry : List.copyOf(records.keySet())) {
                if (releasing && words.containsKey(entry)) {
                    continue;
                }
                holdings.withdraw(entry);
                Waiting one = waiting.remove(entry);
                if (one != null) {
                    told.add(one);
                } else if (entry.delivery != null) {
                    entry.delivery.lose();
                }
                words.put(entry, AcknowledgeType.RELEASE);
            }
            moves.forEach(move -> {
                if (move.passing() != null) {
                    move.passing().complete(false);
                }
            });
            moves.clear();
            if (!releasing) {
                records.clear();
                words.clear();
            }
            return told;
        }
    }

    /** All that is held, to keep it for longer. */
    List<ConsumerRecord<byte[], byte[]>> held() {
        synchronized (holdings) {
            return List.copyOf(records.values());
        }
    }

    /** The broker has not let us keep it: whoever holds it cannot settle it. */
    List<Waiting> lost(Set<ConsumerRecord<byte[], byte[]>> kept) {
        synchronized (holdings) {
            List<Waiting> told = new ArrayList<>();
            for (Map.Entry<Entry, ConsumerRecord<byte[], byte[]>> one : List.copyOf(records.entrySet())) {
                if (!kept.contains(one.getValue())) {
                    Entry entry = one.getKey();
                    holdings.withdraw(entry);
                    records.remove(entry);
                    words.remove(entry);
                    Waiting late = waiting.remove(entry);
                    if (late != null) {
                        told.add(late);
                    } else if (entry.delivery != null) {
                        entry.delivery.lose();
                    }
                }
            }
            return told;
        }
    }

    static void tell(@Nullable Waiting one, @Nullable QueueException unknown) {
        if (one != null) {
            one.delivery().committed(one.told(), unknown);
        }
    }
}
