package dev.slackline.backend.nats;

import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.QueueException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * What this process holds, of every group. Sends signs of life for it, gives back what its time is over for, and carries
 * settlements to the server, on whatever connection there is. Thread-safe.
 */
final class Leases {

    private static final Duration TICK = Duration.ofMillis(25);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Names names;
    private final Link link;
    private final Publisher publisher;
    private final Attempts attempts;
    private final Failures failures;
    private final InstantSource clock;
    private final Duration lease;
    private final Settled settled = new Settled();
    private final Set<NatsDelivery> held = ConcurrentHashMap.newKeySet();
    private final Queue<NatsDelivery> toBeReleased = new ConcurrentLinkedQueue<>();
    private final Map<String, PriorityQueue<Instant>> delayed = new HashMap<>(); // guarded by itself

    Leases(
            Names names,
            Link link,
            Publisher publisher,
            Attempts attempts,
            Threads threads,
            Failures failures,
            InstantSource clock,
            Duration lease) {
        this.names = names;
        this.link = link;
        this.publisher = publisher;
        this.attempts = attempts;
        this.failures = failures;
        this.clock = clock;
        this.lease = lease;
        threads.every(TICK, this::tick);
    }

    void add(NatsDelivery delivery) {
        held.add(delivery);
    }

    /** What is settled here already. */
    Settled settled() {
        return settled;
    }

    long leaseEndMillis() {
        return clock.instant().plus(lease).toEpochMilli();
    }

    /** Keeps a dead letter. */
    CompletableFuture<Void> bury(String group, Wire.Stored stored, int attempt, String reason) {
        List<Death> deaths = new ArrayList<>(stored.deaths());
        deaths.add(new Death(clock.instant(), attempt, reason));
        return publisher
                .put(
                        names.dead(),
                        names.dead(group, stored.message().id()),
                        Wire.pack(stored.message(), null, deaths, true),
                        stored.message().payload().bytes())
                .thenAccept(where -> {});
    }

    Attempts attempts() {
        return attempts;
    }

    /** Sends a settlement; it is answered once the server has taken it. */
    void settle(String reply, byte[] settlement, Requests.Answer answer) {
        Session session;
        try {
            session = link.session();
        } catch (QueueException e) {
            answer.failed(e);
            return;
        }
        session.requests().send(reply, null, settlement, PATIENCE, answer);
    }

    /** Tells the server something, if it can be reached. */
    void tell(String reply, byte[] what) {
        try {
            link.session().connection().publish(reply, what);
        } catch (QueueException | IllegalStateException e) {
            // it will find out by itself, by silence
        }
    }

    /** Tells the server something, and hears when it has worked that off. */
    void ask(String reply, byte[] what, Runnable answered) {
        settle(reply, what, new Requests.Answer() {
            @Override
            public void answered(io.nats.client.Message answer) {
                answered.run();
            }

            @Override
            public void failed(QueueException why) {
                // then nothing is known, and what is held will be taken for lost
            }
        });
    }

    /**
     * The server has taken a settlement.
     *
     * @param forGood whether the group never gets it again
     * @param note where its attempt is noted; 0 if it is not
     */
    void settled(NatsDelivery delivery, NatsDelivery.Place place, boolean forGood, long note) {
        held.remove(delivery);
        if (forGood) {
            settled.add(place.group(), place.sequence(), place.stored());
        }
        if (forGood && note > 0) {
            try {
                attempts.forget(note);
            } catch (QueueException e) {
                // it is cleared away later
            }
        }
    }

    QueueException unknown(String id, QueueException why) {
        return failures.consume(
                "it is not known whether the server has taken the settlement of message " + id + ": "
                        + why.getMessage(),
                why.retryable(),
                why);
    }

    /** One of the group waits for its next attempt. */
    void delayed(String group, Duration delay) {
        if (!delay.isZero()) {
            synchronized (delayed) {
                delayed.computeIfAbsent(group, unused -> new PriorityQueue<>())
                        .add(Instant.now().plus(delay));
            }
        }
    }

    /** How many wait for their next attempt, as far as this process has sent them there. */
    int countDelayed(String group) {
        synchronized (delayed) {
            PriorityQueue<Instant> dues = delayed.get(group);
            if (dues == null) {
                return 0;
            }
            Instant now = Instant.now();
            while (!dues.isEmpty() && !dues.peek().isAfter(now)) {
                dues.remove();
            }
            return dues.size();
        }
    }

    /** Gives back what was fetched and will not be handed out: now, and where that fails once the server can be reached. */
    void release(NatsDelivery delivery) {
        delivery.release().whenComplete((settlement, error) -> {
            if (error != null) { // else our signs of life would keep it for ever
                releaseLater(delivery);
            }
        });
    }

    /** Gives back, once the server can be reached, what was fetched and will not be handed out. */
    void releaseLater(NatsDelivery delivery) {
        toBeReleased.add(delivery);
    }

    /** Waits for settlements that are under way. */
    void await(long deadlineNanos) throws InterruptedException {
        while (held.stream().anyMatch(NatsDelivery::isSettling) && deadlineNanos - System.nanoTime() > 0) {
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }

    /** Gives back what is still held: nobody is left to settle it. */
    void abandonAll() {
        held.forEach(NatsDelivery::abandon);
        held.clear();
    }

    private void tick() {
        if (held.isEmpty()) {
            return;
        }
        long nowMillis = clock.instant().toEpochMilli();
        long nowNanos = System.nanoTime();
        held.removeIf(delivery -> {
            delivery.expire(nowMillis);
            return delivery.isOver();
        });
        Map<String, List<NatsDelivery>> due = new HashMap<>();
        for (NatsDelivery delivery : held) {
            if (delivery.isBeatDue(nowNanos)) {
                due.computeIfAbsent(delivery.group(), unused -> new ArrayList<>())
                        .add(delivery);
            }
        }
        due.values().forEach(group -> beat(group, nowNanos));
        if (link.trouble() == null) {
            for (int left = toBeReleased.size(); left > 0; left--) { // what fails again is tried at the next tick
                release(toBeReleased.remove());
            }
        }
    }

    /** One sign of life is answered for all: the server works off what a connection says of a group in its order. */
    private static void beat(List<NatsDelivery> group, long nowNanos) {
        for (int i = 0; i < group.size() - 1; i++) {
            group.get(i).beat(nowNanos, null);
        }
        Runnable answered = () -> group.forEach(delivery -> delivery.alive(nowNanos));
        for (int i = group.size() - 1; i >= 0 && !group.get(i).beat(nowNanos, answered); i--) {
            // settled meanwhile: another one asks for all
        }
    }
}
