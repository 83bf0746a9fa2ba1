package dev.slackline.app.move;

import dev.slackline.app.wiring.Configuration;
import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Feature;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueListener;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Env;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * From where to where. Immutable.
 *
 * @param from the configuration of the source
 * @param to the configuration of the target
 */
public record MoveSides(Configuration from, Configuration to) {

    /** A group that is there for a moment, to see whether two backends are one. */
    private static final String PROBE = "slackline-move-probe";

    /** A message is at its last attempt in the target, not in the source, where being moved may cost it one. */
    private static final int ATTEMPTS = 1_000_000;

    /**
     * Reads both configurations.
     *
     * @throws ConfigurationException listing everything that is wrong with either
     */
    public static MoveSides load(Env from, Env to) {
        Set<String> problems = new LinkedHashSet<>();
        Configuration source = attempt(problems, () -> Configuration.load(from));
        Configuration target = attempt(problems, () -> Configuration.load(to));
        if (source != null && target != null) {
            check(problems, source.provider().capabilities(), target.provider().capabilities());
        }
        if (source == null || target == null || !problems.isEmpty()) {
            throw new ConfigurationException(List.copyOf(problems));
        }
        return new MoveSides(source, target);
    }

    private static void check(Set<String> problems, Capabilities source, Capabilities target) {
        for (Capabilities side : List.of(source, target)) {
            if (!side.has(Feature.MULTI_PROCESS)) {
                problems.add(
                        "the backend " + side.backend() + " is inside one process: there is nothing to move from it,"
                                + " and nothing would stay in it");
            }
        }
        if (!target.has(Feature.RESTORE)) {
            problems.add("the backend " + target.backend() + " lacks " + Feature.RESTORE + " ("
                    + Feature.RESTORE.meaning() + "); 'slackline backends' shows which have it");
        }
    }

    /** How long a killed consumer, or a killed move, keeps what it held. */
    public Duration lease() {
        return QueueSettings.from(from.settings()).lease();
    }

    /** Opens both and moves. */
    public MoveLedger run(Move move, CompletionStage<Void> asked) {
        try (Queue source = from.openConnected(move.listener(), settings -> settings.withMaxAttempts(ATTEMPTS));
                Queue target = to.openConnected(new QueueListener() {}, UnaryOperator.identity())) {
            if (from.provider().name().equals(to.provider().name())) {
                requireDifferent(source, target);
            }
            if (source.groups().toCompletableFuture().join().isEmpty()) {
                throw new ConfigurationException(
                        "there is no group in " + from.provider().name() + ": "
                                + source.status().reason() + "; is that where the messages are?");
            }
            return move.run(source, target, asked);
        }
    }

    /** Two addresses may lead to one place. */
    private static void requireDifferent(Queue source, Queue target) {
        target.group(PROBE).drop().toCompletableFuture().join();
        source.group(PROBE).drop().toCompletableFuture().join();
        target.group(PROBE).declare().toCompletableFuture().join();
        boolean same = source.groups().toCompletableFuture().join().contains(PROBE);
        target.group(PROBE).drop().toCompletableFuture().join();
        if (same) {
            throw new ConfigurationException("--from and --to are the same place: "
                    + target.status().reason() + "; give what differs with --from-env or --to-env");
        }
    }

    private static @Nullable Configuration attempt(Set<String> problems, Supplier<Configuration> step) {
        try {
            return step.get();
        } catch (ConfigurationException e) {
            problems.addAll(e.problems());
            return null;
        }
    }
}
