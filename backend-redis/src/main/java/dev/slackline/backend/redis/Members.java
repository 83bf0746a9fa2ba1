package dev.slackline.backend.redis;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.spi.PullPublisher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/** The members of every group in this shared. Thread-safe. */
final class Members {

    private static final Duration BEAT = Consumers.PRESENT.dividedBy(3);
    private static final Duration TIDY = Duration.ofMinutes(1);

    private final Shared shared;
    private final Map<String, Consumers> groups = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Members(Shared shared) {
        this.shared = shared;
    }

    /** Begins to look after them. */
    void start() {
        shared.threads().every(Threads.TICK, () -> each(Consumers::sweep));
        shared.threads().every(BEAT, () -> each(Consumers::beat));
        shared.threads().every(TIDY, () -> consuming(consumers -> consumers.tidy(false)));
    }

    Flow.Publisher<Delivery> of(String group) {
        return new PullPublisher(signals -> join(group, signals), shared.threads());
    }

    private PullPublisher.Member join(String group, PullPublisher.Signals signals) {
        RuntimeException trouble =
                closed ? shared.failures().closed() : shared.link().trouble();
        if (trouble != null) {
            throw trouble;
        }
        shared.watch().start();
        Consumers consumers = groups.computeIfAbsent(group, name -> new Consumers(name, shared));
        RedisMember member = new RedisMember(consumers, signals, shared.newToken());
        consumers.join(member);
        if (closed) {
            member.fail(shared.failures().closed());
        }
        return member;
    }

    boolean isAny() {
        return groups.values().stream().anyMatch(Consumers::hasMembers);
    }

    boolean isIdle() {
        return groups.values().stream().allMatch(Consumers::isIdle);
    }

    void wake() {
        each(Consumers::wake);
    }

    void dropped(String group) {
        Consumers consumers = groups.get(group);
        if (consumers != null) {
            consumers.end(shared.failures().dropped(group));
        }
    }

    /** There is a connection again. */
    void connected() {
        each(Consumers::connected);
    }

    /** The streams end; whoever reads them subscribes again. What was handed out stays with them. */
    void lost(Throwable why) {
        each(consumers -> consumers.end(why));
    }

    /** Ends every stream for good. */
    void end() {
        closed = true;
        lost(shared.failures().closed());
    }

    /** Takes this process out of the consumer groups in which it holds nothing. */
    CompletableFuture<Void> forget() {
        List<CompletableFuture<Answer>> asked =
                groups.values().stream().map(consumers -> consumers.tidy(true)).toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new));
    }

    private void each(Consumer<Consumers> action) {
        groups.values().forEach(action);
    }

    private void consuming(Consumer<Consumers> action) {
        groups.values().stream().filter(Consumers::hasMembers).forEach(action);
    }
}
