package dev.slackline.queue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** The memory backend by a clock that goes on only where everything held was renewed: leases end when that is not done. */
final class SettableLeases extends ForwardingBackend {

    private static final Duration LEASE = Duration.ofMillis(150);
    private static final Duration BOUND = Duration.ofSeconds(30);

    private final AtomicLong renewals = new AtomicLong();
    private final SettableClock clock;

    private static final class SettableClock implements InstantSource {

        private volatile Instant now = Instant.parse("2026-03-04T05:06:07Z");

        @Override
        public Instant instant() {
            return now;
        }
    }

    SettableLeases(String group) {
        this(group, new SettableClock());
    }

    private SettableLeases(String group, SettableClock clock) {
        super(Map.of("QUEUE_LEASE", LEASE.toMillis() + "ms", "QUEUE_GROUPS", group), clock);
        this.clock = clock;
    }

    /** Over this backend, with its group declared. */
    Queue queue() {
        Queue queue = Queue.of(this, settings);
        queue.declareGroups().toCompletableFuture().join();
        return queue;
    }

    @Override
    public Flow.Publisher<Delivery> consume(String group) {
        return subscriber -> super.consume(group).subscribe(new BentDeliveries(subscriber, call -> {
            if (call.equals("renew")) {
                renewals.incrementAndGet();
            }
        }));
    }

    /** Lets this part of a lease pass, again and again; before each, waits until all that are held have been renewed. */
    void goOn(int times, int held) {
        for (int i = 0; i < times; i++) {
            awaitRenewals(2L * held + 1); // the end of one round, all of the next, and that its last has returned
            clock.now = clock.now.plus(LEASE.multipliedBy(2).dividedBy(3));
        }
    }

    private void awaitRenewals(long more) {
        long enough = renewals.get() + more;
        long deadline = System.nanoTime() + BOUND.toNanos();
        while (renewals.get() < enough) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("no lease is renewed");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
