package dev.slackline.backend.redis;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Group;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Status;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** A topic on a server: puts the parts together, hands each call to one of them, and closes them in order. */
final class RedisBackend implements QueueBackend {

    private static final Duration FIRST_TRY = Duration.ofSeconds(4);
    private static final Duration LEAVING = Duration.ofMillis(1_500);
    private static final Duration TELLING = Duration.ofSeconds(1);
    private static final Duration PROBE = Duration.ofSeconds(1);
    private static final Duration REFRESH = Duration.ofSeconds(5);

    private final Capabilities capabilities;
    private final RedisSettings settings;
    private final Failures failures;
    private final Threads threads = new Threads();
    private final Duration firstTry;
    private final Dialling dialling;
    private final Server server;
    private final Link link;
    private final Watch watch;
    private final Groups groups;
    private final Publisher publisher;
    private final Members members;
    private final AtomicBoolean closed = new AtomicBoolean();

    RedisBackend(Capabilities capabilities, RedisSettings settings, QueueSettings queue, InstantSource clock) {
        this.capabilities = capabilities;
        this.settings = settings;
        this.failures = new Failures(settings);
        this.firstTry = queue.publishTimeout().compareTo(FIRST_TRY) < 0 ? queue.publishTimeout() : FIRST_TRY;
        this.dialling = new Dialling(settings, threads);
        this.server = new Server(failures);
        Keys keys = new Keys(settings.stream());
        Time time = new Time(clock);
        this.link = new Link("redis", dialling, threads, failures, new Working());
        this.watch = new Watch(dialling, threads, failures, keys, this::wake);
        this.groups = new Groups(link, failures, time, keys, queue.groupStart());
        this.publisher = new Publisher(link, groups, threads, failures, time, keys, queue.dedupWindow());
        this.members = new Members(new Shared(link, watch, groups, threads, failures, time, keys, queue.lease()));
    }

    /**
     * Connects, and waits some seconds for that.
     *
     * @throws QueueException if the server refuses for good
     */
    void start() {
        members.start();
        threads.every(PROBE, this::probe);
        threads.every(REFRESH, groups::refresh);
        try {
            link.start().get(firstTry.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof QueueException refusal && !refusal.retryable()) {
                throw refusal;
            }
        } catch (TimeoutException e) {
            // it goes on trying
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public CompletionStage<Void> publish(Message message) {
        return closed.get() ? CompletableFuture.failedFuture(failures.closed()) : publisher.publish(message);
    }

    @Override
    public Flow.Publisher<Delivery> consume(String group) {
        return members.of(group);
    }

    @Override
    public Group group(String name) {
        return new RedisGroup(groups, members, threads, name);
    }

    @Override
    public CompletionStage<List<String>> groups() {
        return groups.all().thenApplyAsync(names -> names, threads);
    }

    @Override
    public CompletionStage<Void> dropTopic() {
        return groups.dropTopic().thenApplyAsync(nothing -> null, threads);
    }

    @Override
    public Status status() {
        if (closed.get()) {
            return Status.down("closed");
        }
        QueueConnectionException trouble = link.trouble();
        if (trouble != null) {
            return Status.down("not connected: " + trouble.getMessage());
        }
        String refusal = publisher.refusal();
        if (refusal != null) {
            return Status.down("it takes no messages: " + refusal);
        }
        QueueConnectionException deaf = watch.trouble();
        if (deaf != null && members.isAny()) {
            return Status.down("not connected for consuming: " + deaf.getMessage());
        }
        String danger = server.danger();
        return danger == null ? Status.up(settings.place()) : Status.degraded(danger);
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public String topic() {
        return settings.stream();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            members.end();
            long deadline = System.nanoTime() + LEAVING.toNanos();
            await(deadline, () -> !members.isAny() && members.isIdle() && publisher.isIdle());
            CompletableFuture<Void> forgotten = members.forget();
            await(deadline, forgotten::isDone);
            watch.close();
            link.close();
            dialling.close();
            threads.close(TELLING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(long deadlineNanos, BooleanSupplier done) throws InterruptedException {
        while (!done.getAsBoolean() && deadlineNanos - System.nanoTime() > 0) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private void wake() {
        members.wake();
    }

    /** Whether a server that took no messages takes them again, which nobody may be trying to find out. */
    private void probe() {
        if (publisher.refusal() != null) {
            groups.takesWrites().thenRun(publisher::forgive);
        }
    }

    /** Told of the connection that everything but waiting goes over. */
    private final class Working implements Link.User {

        @Override
        public CompletionStage<?> connected(Line line) {
            return server.check(line).thenCompose(usable -> line.teach());
        }

        @Override
        public void ready() {
            groups.refresh();
            members.connected();
        }

        @Override
        public void lost(QueueConnectionException why) {
            members.lost(why);
        }
    }
}
