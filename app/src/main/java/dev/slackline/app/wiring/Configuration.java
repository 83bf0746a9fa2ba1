package dev.slackline.app.wiring;

import dev.slackline.queue.Backends;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.QueueListener;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Env;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The settings that a command runs with, checked, and the queue that they name. Immutable.
 *
 * @param settings the values of all portable settings, the chosen backend's and whatever else was asked for
 * @param provider the chosen backend
 */
public record Configuration(Settings settings, QueueBackendProvider provider) {

    /** {@link #load(Env, Collection, Consumer)} for a command that needs the queue alone. */
    public static Configuration load(Env env) {
        return load(env, List.of(), values -> {});
    }

    /**
     * Reads everything that a command needs and configures the log. Variables without effect are logged as warnings, or named
     * with what is wrong: a setting that is missing may be there under a misspelt name.
     *
     * @param further settings beside those of queue, backend and process
     * @param check refuses what no single setting can, with a {@link ConfigurationException}
     * @throws ConfigurationException listing everything that is wrong
     */
    public static Configuration load(Env env, Collection<? extends Setting<?>> further, Consumer<Env> check) {
        Configuration configuration;
        try {
            configuration = checked(env, further, check);
        } catch (ConfigurationException e) {
            throw new ConfigurationException(Stream.concat(e.problems().stream(), Catalog.warnings(env).stream())
                    .toList());
        }
        Logging.configure(configuration.settings);
        Catalog.warnings(env).forEach(LoggerFactory.getLogger(Configuration.class)::warn);
        return configuration;
    }

    /** {@link #load(Env, Collection, Consumer)} without touching the log. */
    static Configuration checked(Env env, Collection<? extends Setting<?>> further, Consumer<Env> check) {
        Set<String> problems = new LinkedHashSet<>();
        QueueBackendProvider provider = attempt(
                problems,
                () -> Backends.named(
                        Settings.parse(env, List.of(QueueSettings.BACKEND)).get(QueueSettings.BACKEND)));
        List<Setting<?>> declared = new ArrayList<>(QueueSettings.ALL);
        if (provider != null) {
            declared.addAll(provider.settings());
        }
        declared.addAll(further);
        declared.addAll(AppSettings.ALL);
        Settings settings = attempt(problems, () -> Settings.parse(env, declared));
        if (settings != null) {
            attempt(problems, () -> QueueSettings.from(settings));
        }
        attempt(problems, () -> {
            check.accept(env);
            return env;
        });
        if (settings == null || provider == null || !problems.isEmpty()) {
            throw new ConfigurationException(List.copyOf(problems));
        }
        return new Configuration(settings, provider);
    }

    /**
     * Opens the queue and declares the groups of {@code QUEUE_GROUPS}, within {@code QUEUE_PUBLISH_TIMEOUT}.
     *
     * @throws QueueException if the broker cannot be reached in that time, or refuses
     */
    public Queue openWithGroups(QueueListener listener) {
        return openWithGroups(listener, UnaryOperator.identity());
    }

    /**
     * {@link #openWithGroups(QueueListener)} with other settings.
     *
     * @param change what this command sets otherwise
     */
    public Queue openWithGroups(QueueListener listener, UnaryOperator<QueueSettings> change) {
        return awaited(() -> open(listener, change), Queue::declareGroups);
    }

    /**
     * Opens the queue, declares no group, and waits until the broker answers, for {@code QUEUE_PUBLISH_TIMEOUT} at most.
     *
     * @param change what this command sets otherwise
     * @throws QueueException if the broker cannot be reached in that time, or refuses
     */
    public Queue openConnected(QueueListener listener, UnaryOperator<QueueSettings> change) {
        return awaited(() -> open(listener, change), Queue::connect);
    }

    /**
     * Opens the queue and declares no group.
     *
     * @param change what this command sets otherwise
     * @throws QueueException if the broker refuses
     */
    public Queue open(QueueListener listener, UnaryOperator<QueueSettings> change) {
        QueueSettings portable = change.apply(QueueSettings.from(settings));
        QueueBackend backend =
                provider.open(new QueueBackendProvider.Opening(settings, portable, InstantSource.system()));
        return Queue.of(backend, portable, listener);
    }

    /** The time that opening takes counts. */
    private static Queue awaited(Supplier<Queue> opening, BiFunction<Queue, Duration, CompletionStage<Void>> step) {
        long started = System.nanoTime();
        Queue queue = opening.get();
        Duration left = queue.settings().publishTimeout().minusNanos(System.nanoTime() - started);
        try {
            step.apply(queue, left).toCompletableFuture().join();
            return queue;
        } catch (CompletionException e) {
            queue.close();
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static <T> @Nullable T attempt(Set<String> problems, Supplier<T> step) {
        try {
            return step.get();
        } catch (ConfigurationException e) {
            problems.addAll(e.problems());
            return null;
        }
    }
}
