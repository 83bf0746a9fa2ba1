package dev.slackline.queue;

import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Env;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A message queue: what applications hold. Publishes durably with retries, and gives each group every message at least
 * once, whatever the backend. Thread-safe; one for a process is enough. Close it when done: that gives back what was
 * fetched and not handed out.
 */
public final class Queue implements AutoCloseable {

    /** The group that is meant when none is named. */
    public static final String DEFAULT_GROUP = "default";

    private static final Logger log = LoggerFactory.getLogger(Queue.class);

    private final QueueBackend backend;
    private final QueueSettings settings;
    private final QueueListener listener;
    private final ScheduledExecutorService timer;
    private final Publishing publishing;
    private final Consumptions consumptions = new Consumptions();
    private final AtomicBoolean closed = new AtomicBoolean();

    private Queue(QueueBackend backend, QueueSettings settings, QueueListener listener) {
        this.backend = backend;
        this.settings = settings;
        this.listener = new SafeListener(listener);
        this.timer = newTimer();
        this.publishing = new Publishing(backend, settings, this.listener, timer);
    }

    /**
     * Opens the backend that {@code QUEUE_BACKEND} names, and declares the groups of {@code QUEUE_GROUPS}. Blocks until
     * the broker has answered, for {@code QUEUE_PUBLISH_TIMEOUT} at most.
     *
     * @throws ConfigurationException listing every variable that is missing or wrong, before anything is connected
     * @throws QueueConnectionException if the broker cannot be reached in that time, or refuses the credentials (65)
     * @throws QueueException if the broker refuses
     */
    public static Queue fromEnv(Map<String, String> env) {
        return fromEnv(Env.of(env));
    }

    /** {@link #fromEnv(Map)} over layered values. Unknown variables of a declared prefix are logged as warnings. */
    public static Queue fromEnv(Env env) {
        String name = Settings.parse(env, List.of(QueueSettings.BACKEND)).get(QueueSettings.BACKEND);
        QueueBackendProvider provider = Backends.named(name);
        List<Setting<?>> declared = new ArrayList<>(QueueSettings.ALL);
        declared.addAll(provider.settings());
        Settings settings = Settings.parse(env, declared);
        Settings.unknown(env, declared).forEach(log::warn);
        long started = System.nanoTime();
        Queue queue = open(provider, settings);
        try {
            queue.declareGroups(queue.settings.publishTimeout().minusNanos(System.nanoTime() - started))
                    .toCompletableFuture()
                    .join();
            return queue;
        } catch (CompletionException e) {
            queue.close();
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /**
     * Opens a backend without declaring any group.
     *
     * @param settings the values of {@link QueueSettings#ALL} and of the provider's settings
     */
    public static Queue open(QueueBackendProvider provider, Settings settings) {
        QueueSettings portable = QueueSettings.from(settings);
        QueueBackend backend =
                provider.open(new QueueBackendProvider.Opening(settings, portable, InstantSource.system()));
        return of(backend, portable);
    }

    /** A queue over an opened backend, which it closes when it is closed. */
    public static Queue of(QueueBackend backend, QueueSettings settings) {
        return of(backend, settings, new QueueListener() {});
    }

    /** {@link #of(QueueBackend, QueueSettings)} with a listener. */
    public static Queue of(QueueBackend backend, QueueSettings settings, QueueListener listener) {
        return new Queue(backend, settings, listener);
    }

    /** Publishes a JSON object under a new id. Completes with the message once it is durable. */
    public CompletableFuture<Message> publish(String key, Map<String, ?> payload) {
        try {
            return publish(key, Payload.of(payload));
        } catch (SerializationException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Publishes a payload under a new id. Completes with the message once it is durable. */
    public CompletableFuture<Message> publish(String key, Payload payload) {
        return publish(Message.of(key, payload));
    }

    /** {@link #publish(Message, Duration)} within {@code QUEUE_PUBLISH_TIMEOUT}. */
    public CompletableFuture<Message> publish(Message message) {
        return publish(message, settings.publishTimeout());
    }

    /**
     * Publishes a message. Transient failures are tried again under the same id, after 1 s, 2 s, 4 s… with jitter, up
     * to {@code QUEUE_PUBLISH_RETRIES} times. Completes when the message is durable for every declared group; fails
     * with a {@link QueueException} otherwise, at the latest when the time is up (case 15), and then the message may or
     * may not have been stored. At most {@value Publishing#MAX_OUTSTANDING} publishes wait at once; one more fails at
     * once with a retryable error (18). What depends on the future runs on threads of the queue and must not block.
     *
     * @param timeout how long it may take in all
     */
    public CompletableFuture<Message> publish(Message message, Duration timeout) {
        if (closed.get()) {
            return CompletableFuture.failedFuture(closedException());
        }
        return publishing.publish(message, timeout);
    }

    /** {@link #consume(String)} for the group {@value #DEFAULT_GROUP}. */
    public Flow.Publisher<Delivery> consume() {
        return consume(DEFAULT_GROUP);
    }

    /**
     * The deliveries of a group, which is declared if it is not yet. Each subscription is one member, which
     * is handed as many deliveries as it requests; {@code cancel} leaves the group. Messages that are no JSON object, and those
     * that have used up their attempts, become dead letters here and are not handed out. When the connection is lost
     * the stream subscribes again by itself; it ends with an error only when that cannot help.
     */
    public Flow.Publisher<Delivery> consume(String group) {
        Message.requireGroupName(group);
        return subscriber -> new Consumption(this, group, subscriber).start();
    }

    /** The deliveries of a group as a blocking iterator, which fetches up to {@code QUEUE_PREFETCH} ahead. */
    public Deliveries deliveries(String group) {
        return new Deliveries(this, group);
    }

    /**
     * The named group.
     *
     * @throws IllegalArgumentException if the name is not allowed
     */
    public Group group(String name) {
        requireOpen();
        return backend.group(Message.requireGroupName(name));
    }

    /** The names of the declared groups, sorted. */
    public CompletionStage<List<String>> groups() {
        requireOpen();
        return backend.groups();
    }

    /**
     * Declares the groups of {@code QUEUE_GROUPS}. Tries again while the broker cannot be reached; fails as {@link
     * #connect()} does.
     */
    public CompletionStage<Void> declareGroups() {
        return declareGroups(settings.publishTimeout());
    }

    /** {@link #declareGroups()} within another time; when that is over already, the broker still has half a second. */
    public CompletionStage<Void> declareGroups(Duration limit) {
        return Insistence.on(
                this,
                limit,
                () -> CompletableFuture.allOf(settings.groups().stream()
                        .map(name -> group(name).declare().toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new)));
    }

    /**
     * Completes once the broker answers. Tries again while it cannot be reached; fails with a {@link
     * QueueConnectionException} that says why after {@code QUEUE_PUBLISH_TIMEOUT}, and at once with what only a person
     * can mend, such as a wrong password. Nothing else depends on it: it is for those who would rather not start in vain.
     */
    public CompletionStage<Void> connect() {
        return connect(settings.publishTimeout());
    }

    /** {@link #connect()} within another time; when that is over already, the broker still has half a second. */
    public CompletionStage<Void> connect(Duration limit) {
        return Insistence.on(this, limit, this::groups).thenAccept(groups -> {});
    }

    /**
     * Forgets the topic with everything in it: groups, messages, dead letters, and what the backend has made for it. There
     * is no way back.
     */
    public CompletionStage<Void> dropTopic() {
        requireOpen();
        return backend.dropTopic();
    }

    /**
     * Whether the queue does its work: {@link Status.State#DOWN} also when a group that should be consumed is not, be it
     * for the moment or because its stream ended with an error and nobody has subscribed again.
     */
    public Status status() {
        if (closed.get()) {
            return Status.down("the queue is closed");
        }
        Status status = backend.status();
        return status.state() == Status.State.DOWN
                ? status
                : consumptions.problem().map(Status::down).orElse(status);
    }

    /** What the backend can do. */
    public Capabilities capabilities() {
        return backend.capabilities();
    }

    /** The portable settings. */
    public QueueSettings settings() {
        return settings;
    }

    /**
     * Ends every consumer, gives back what was not handed out, and closes the backend. What still waits to be published
     * fails with {@link QueueClosedException}. Idempotent.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            publishing.close();
            backend.close();
            timer.shutdownNow();
            consumptions.closeAll(closedException());
        }
    }

    QueueBackend backend() {
        return backend;
    }

    QueueListener listener() {
        return listener;
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    /** Runs something later, unless the queue is closed before. @return false if it is closed now */
    boolean later(Runnable task, long millis) {
        try {
            timer.schedule(task, millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    boolean isClosed() {
        return closed.get();
    }

    Consumptions consumptions() {
        return consumptions;
    }

    QueueClosedException closedException() {
        return new QueueClosedException(capabilities().backend(), backend.topic());
    }

    private void requireOpen() {
        if (closed.get()) {
            throw closedException();
        }
    }

    private static ScheduledExecutorService newTimer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "slackline-queue-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }
}
