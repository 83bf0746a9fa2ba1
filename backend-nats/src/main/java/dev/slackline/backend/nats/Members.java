package dev.slackline.backend.nats;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.Status;
import dev.slackline.queue.spi.PullPublisher;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The members of all groups in this process, and what they share. Thread-safe. */
final class Members {

    private static final Duration TICK = Duration.ofMillis(100);

    private final Names names;
    private final Link link;
    private final Registry registry;
    private final Leases leases;
    private final Attempts attempts;
    private final Threads threads;
    private final Failures failures;
    private final Set<Member> all = ConcurrentHashMap.newKeySet();

    Members(
            Names names,
            Link link,
            Registry registry,
            Leases leases,
            Attempts attempts,
            Threads threads,
            Failures failures) {
        this.names = names;
        this.link = link;
        this.registry = registry;
        this.leases = leases;
        this.attempts = attempts;
        this.threads = threads;
        this.failures = failures;
        threads.every(TICK, () -> all.forEach(Member::check));
    }

    Flow.Publisher<Delivery> of(String group, BooleanSupplier closed) {
        return new PullPublisher(
                signals -> {
                    Member member = new Member(this, group, signals, link.session());
                    all.add(member);
                    if (closed.getAsBoolean()) { // it may have come too late to be seen by end()
                        all.remove(member);
                        throw failures.closed();
                    }
                    member.start();
                    return member;
                },
                threads);
    }

    /** Ends every stream, and waits for the members to give back what was not handed out. */
    void end(QueueException why, long deadlineNanos) throws InterruptedException {
        all.forEach(member -> member.end(why));
        while (!all.isEmpty() && deadlineNanos - System.nanoTime() > 0) {
            TimeUnit.MILLISECONDS.sleep(2);
        }
        leases.await(deadlineNanos);
    }

    /** Ends the streams of a group. */
    void end(String group, QueueException why) {
        all.stream().filter(member -> member.group().equals(group)).forEach(member -> member.end(why));
    }

    void lost(QueueConnectionException why) {
        all.forEach(member -> member.lose(why));
    }

    void remove(Member member) {
        all.remove(member);
    }

    int count(String group) {
        return (int) all.stream().filter(member -> member.group().equals(group)).count();
    }

    /** How many of them wait for messages at the server. */
    int countWaiting(String group) {
        return (int) all.stream()
                .filter(member -> member.group().equals(group) && member.isWaiting())
                .count();
    }

    Status status() {
        return all.stream()
                .filter(Member::isUnanswered)
                .findFirst()
                .map(member -> Status.down("connected, but the server sends nothing of group " + member.group()
                        + " and does not say why; is its consumer without a leader?"))
                .orElse(Status.up("consuming"));
    }

    /** Why the server does not know the consumer of a group. May wait for the server. */
    QueueException whyMissing(Session session, String group) {
        try {
            return registry.isLost(session, group)
                    ? failures.consume("the server has lost the consumer of group " + group, true, null)
                    : failures.dropped(group);
        } catch (QueueException e) {
            return e;
        }
    }

    Names names() {
        return names;
    }

    Leases leases() {
        return leases;
    }

    Attempts attempts() {
        return attempts;
    }

    Threads threads() {
        return threads;
    }

    Failures failures() {
        return failures;
    }
}
