package dev.slackline.backend.redis;

import dev.slackline.queue.QueueException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** What one group's members have settled or renewed, on its way to the server, many with one script. Thread-safe. */
final class Settlements {

    /** For so long a busy consumer gathers what it asks of the server. */
    static final Duration MOMENT = Duration.ofMillis(2);

    private static final int AT_ONCE = 512;

    /** What the server says besides. */
    interface Answered {
        /** Others may be had now, or not; and in so many milliseconds something is due, or never if that is negative. */
        void settled(boolean freed, long dueMillis);
    }

    private final String group;
    private final Shared shared;
    private final List<byte[]> keys;
    private final BooleanSupplier fetching;
    private final Answered answered;
    private final Batches<Settling> batches;
    private final AtomicBoolean gathering = new AtomicBoolean();
    /** Whether the last ones came together, so that it is worth waiting for more. */
    private volatile boolean many;
    /** What was to be given back and could not. */
    private final Queue<Settling.Lease> owed = new ConcurrentLinkedQueue<>();

    Settlements(String group, Shared shared, BooleanSupplier fetching, Answered answered) {
        this.fetching = fetching;
        this.group = group;
        this.shared = shared;
        this.keys = shared.keys().group(group);
        this.answered = answered;
        this.batches = new Batches<>(AT_ONCE, 1, Settling::bytes, this::send);
    }

    void add(Settling settling) {
        if (!many) {
            batches.add(settling);
            return;
        }
        batches.addQuietly(settling);
        if (gathering.compareAndSet(false, true)) {
            shared.threads().later(MOMENT, this::gathered);
        }
    }

    private void gathered() {
        if (fetching.getAsBoolean()) { // the next fetch follows at once, and takes them with it
            shared.threads().later(MOMENT, this::gathered);
        } else {
            gathering.set(false);
            batches.send();
        }
    }

    /** Something else goes to the server now: what was gathered goes with it. */
    void hurry() {
        batches.hurry();
    }

    boolean isIdle() {
        return batches.isIdle();
    }

    /** There is a connection again. */
    void connected() {
        drain(owed).forEach(lease -> add(Settling.of(Settling.RELEASE, lease)));
    }

    static <T> List<T> drain(Queue<T> queue) {
        List<T> all = new ArrayList<>();
        for (T next = queue.poll(); next != null; next = queue.poll()) {
            all.add(next);
        }
        return all;
    }

    private CompletionStage<?> send(List<Settling> batch) {
        many = batch.size() >= RedisMember.MANY;
        List<Settling> ordered = new ArrayList<>(batch.size());
        List<byte[]> arguments =
                new ArrayList<>(List.of(shared.time().shift(), Wire.utf8(group), shared.consumer(), shared.lease()));
        addAcks(batch, ordered, arguments);
        for (Settling other : batch) {
            if (!other.isOfLot()) {
                ordered.add(other);
                Settling.Lease lease = other.lease();
                arguments.addAll(List.of(Wire.utf8(other.what()), lease.handle(), lease.token(), lease.lane()));
                arguments.addAll(other.values());
            }
        }
        return shared.link().run(Script.SETTLE, keys, arguments).whenComplete((answer, error) -> {
            if (error == null) {
                settled(ordered, answer);
            } else {
                failed(ordered, shared.failures().asked("settling for group " + group, error));
            }
            shared.threads().tell();
        });
    }

    /** Those of one fetch together. */
    private static void addAcks(List<Settling> batch, List<Settling> ordered, List<byte[]> arguments) {
        IdentityHashMap<byte[], List<Settling>> parcels = new IdentityHashMap<>(); // the token of a fetch is one array
        for (Settling one : batch) {
            if (one.isOfLot()) {
                parcels.computeIfAbsent(one.lease().token(), token -> new ArrayList<>())
                        .add(one);
            }
        }
        arguments.add(number(parcels.size()));
        for (List<Settling> acks : parcels.values()) {
            List<Settling> free =
                    acks.stream().filter(ack -> !ack.lease().isInLane()).toList();
            List<Settling> inLane =
                    acks.stream().filter(ack -> ack.lease().isInLane()).toList();
            arguments.add(acks.get(0).lease().token());
            arguments.add(number(free.size()));
            arguments.add(number(inLane.size()));
            free.forEach(ack -> arguments.add(ack.lease().handle()));
            inLane.forEach(ack ->
                    arguments.addAll(List.of(ack.lease().handle(), ack.lease().lane())));
            ordered.addAll(free);
            ordered.addAll(inLane);
        }
    }

    private void settled(List<Settling> batch, Answer answer) {
        boolean[] stale = new boolean[batch.size()];
        Answer numbers = answer.list(2);
        for (int i = 0; i < numbers.size(); i++) {
            stale[(int) numbers.number(i) - 1] = true;
        }
        for (int i = 0; i < stale.length; i++) {
            boolean held = !stale[i];
            Settling settling = batch.get(i);
            shared.threads().addResult(() -> settling.held().complete(held));
        }
        answered.settled(answer.number(0) == 1, answer.number(1));
    }

    private void failed(List<Settling> batch, QueueException why) {
        for (Settling settling : batch) {
            if (settling.what().equals(Settling.RELEASE)) {
                owed.add(settling.lease());
            }
            shared.threads().addResult(() -> settling.held().completeExceptionally(why));
        }
    }

    private static byte[] number(int number) {
        return Wire.utf8(Integer.toString(number));
    }
}
