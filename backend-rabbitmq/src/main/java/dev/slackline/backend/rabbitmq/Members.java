package dev.slackline.backend.rabbitmq;

import com.rabbitmq.client.Connection;
import dev.slackline.queue.ConsumeException;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Status;
import dev.slackline.queue.spi.PullPublisher;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The members of all groups in this process, what they share, and the clock of their leases. Thread-safe. */
final class Members {

    private static final Logger log = LoggerFactory.getLogger(Members.class);
    private static final Duration TICK = Duration.ofMillis(25);
    private static final Duration SHUT_OUT = Duration.ofSeconds(5);
    private static final int LEAST_WINDOW = 256;
    private static final int LARGEST_WINDOW = 1024;
    private static final AtomicLong consumerNumber = new AtomicLong();

    private final Names names;
    private final Link link;
    private final Publisher publisher;
    private final Retries retries;
    private final Threads threads;
    private final Failures failures;
    private final InstantSource clock;
    private final Duration lease;
    private final long longestNanos;
    private final int window;
    private final Set<Member> all = ConcurrentHashMap.newKeySet();

    Members(
            Names names,
            Link link,
            Publisher publisher,
            Retries retries,
            Threads threads,
            Failures failures,
            InstantSource clock,
            QueueSettings queue,
            RabbitMqSettings settings) {
        this.names = names;
        this.link = link;
        this.publisher = publisher;
        this.retries = retries;
        this.threads = threads;
        this.failures = failures;
        this.clock = clock;
        this.lease = queue.lease();
        this.longestNanos = settings.consumerTimeout().toNanos() / 6 * 5;
        this.window = Math.max(LEAST_WINDOW, Math.min(queue.prefetch(), LARGEST_WINDOW));
        threads.every(TICK, this::expire);
    }

    Flow.Publisher<Delivery> of(String group, BooleanSupplier closed) {
        return new PullPublisher(
                signals -> {
                    Member member = new Member(this, group, signals);
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
        while (all.stream().anyMatch(member -> !member.isQuiet()) && deadlineNanos - System.nanoTime() > 0) {
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }

    void lost(QueueConnectionException why) {
        all.forEach(member -> member.lose(why));
    }

    void remove(Member member) {
        all.remove(member);
    }

    int inFlight(String group) {
        return all.stream()
                .filter(member -> member.group().equals(group))
                .mapToInt(Member::inFlight)
                .sum();
    }

    Status status() {
        return all.stream()
                .filter(member -> member.isShutOut(SHUT_OUT))
                .findFirst()
                .map(member -> Status.down("connected, but the broker sends nothing of group " + member.group()))
                .orElse(Status.up("consuming"));
    }

    Connection connection() {
        return link.connection().join();
    }

    /** Why the broker has cancelled a consumer of the group. */
    QueueException whyCancelled(String group) {
        try {
            if (Admin.size(connection(), names.group(group)) == null) {
                return failures.consume("the group '" + group + "' was dropped", false, null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            log.debug("could not find out why a consumer was cancelled", e);
        }
        return new ConsumeException(
                "the broker has cancelled a consumer of group " + group,
                RabbitMqProvider.NAME,
                names.exchange(),
                true,
                null);
    }

    /** Delivers it again later. */
    CompletableFuture<Void> putAside(String group, Story story, Duration delay) {
        return retries.put(group, story, delay);
    }

    /** Delivers it again now. */
    CompletableFuture<Void> putBack(String group, Story story) {
        return publisher.put(names.group(group), story);
    }

    /** Keeps it as a dead letter. */
    CompletableFuture<Void> bury(String group, Story story, String reason) {
        return publisher.put(names.dead(group), story.buried(now(), reason));
    }

    void warnOfLongHeld(String group, String id) {
        log.warn(
                "given back because the broker allows no longer than {}; its handler still runs group={} message_id={}",
                RabbitMqSettings.CONSUMER_TIMEOUT.name(),
                group,
                id);
    }

    Instant now() {
        return clock.instant();
    }

    long leaseEndMillis() {
        return now().plus(lease).toEpochMilli();
    }

    String consumerName(String group) {
        return "consumer_" + group + "_" + consumerNumber.incrementAndGet();
    }

    int window() {
        return window;
    }

    Names names() {
        return names;
    }

    Threads threads() {
        return threads;
    }

    Failures failures() {
        return failures;
    }

    private void expire() {
        if (!all.isEmpty()) {
            long nowMillis = now().toEpochMilli();
            all.forEach(member -> member.expire(nowMillis, longestNanos));
        }
    }
}
