package dev.slackline.app.demo;

import dev.slackline.queue.Backends;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Env;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A topic of a demonstration's own, apart from whatever else there is on the backend. Thread-safe. */
public final class DemoTopic {

    private static final String SQLITE = "sqlite";
    /** Which variable names the topic. */
    private static final Map<String, String> NAMED_BY = Map.of(
            "rabbitmq",
            "MQ_EXCHANGE",
            "postgres",
            "POSTGRES_SCHEMA",
            "redis",
            "REDIS_STREAM",
            "nats",
            "NATS_STREAM",
            "kafka",
            "KAFKA_TOPIC");

    private static final long REMOVAL_SECONDS = 10;

    private final Env settings;
    /** What was opened, the last first. */
    private final Deque<QueueBackend> backends = new ArrayDeque<>();

    private final Deque<Runnable> consumers = new ArrayDeque<>();
    private boolean removed;

    private DemoTopic(Env settings) {
        this.settings = settings;
    }

    /**
     * One on this backend.
     *
     * @param env where the broker is and who we are there; nothing else is taken from it, and SQLite needs nothing
     * @param folder an empty one, for backends that keep files
     * @throws ConfigurationException if the backend is not installed, or its topics cannot be told apart
     */
    public static DemoTopic on(String backend, Env env, Path folder) {
        if (backend.equals(SQLITE)) {
            return new DemoTopic(Env.of(Map.of(
                    "QUEUE_BACKEND",
                    SQLITE,
                    "SQLITE_PATH",
                    folder.resolve("demo.db").toString())));
        }
        Env given = env.only(Backends.named(backend).settings());
        String variable = NAMED_BY.get(backend);
        if (variable == null) {
            throw new ConfigurationException("the demo runs on " + SQLITE + " and "
                    + String.join(", ", new TreeSet<>(NAMED_BY.keySet()))
                    + "; it would not know how to keep apart from your messages on "
                    + backend + "; choose with --backend");
        }
        String name = "slackline_demo_" + UUID.randomUUID().toString().substring(0, 8);
        return new DemoTopic(given.behind("topic of the demo", Map.of("QUEUE_BACKEND", backend, variable, name)));
    }

    Env settings() {
        return settings;
    }

    /** Opens the backend. What it makes on a broker is there from then on, and is removed by whoever is first. */
    synchronized QueueBackend open(Supplier<QueueBackend> opening) {
        if (removed) {
            throw new IllegalStateException("the demo has ended already");
        }
        QueueBackend opened = opening.get();
        backends.push(opened);
        return opened;
    }

    /** How those who consume it leave it, as brokers may keep what somebody uses. */
    synchronized void consumedBy(Runnable leaving) {
        consumers.push(leaving);
    }

    /** Removes what was made on a broker, as far as it answers. Idempotent. */
    public synchronized void remove() {
        removed = true;
        while (!consumers.isEmpty()) {
            consumers.pop().run();
        }
        while (!backends.isEmpty()) {
            drop(backends.pop());
        }
    }

    private static void drop(QueueBackend used) {
        try {
            used.dropTopic()
                    .toCompletableFuture()
                    .orTimeout(REMOVAL_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException | QueueException e) {
            // what stays is called slackline_demo_…; whether events were lost is the matter here
        }
    }
}
