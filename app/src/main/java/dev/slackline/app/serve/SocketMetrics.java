package dev.slackline.app.serve;

import dev.slackline.slack.IntakeAnswer;
import dev.slackline.slack.IntakeListener;
import dev.slackline.slack.socket.SocketOverview;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Counts what Socket Mode does. Thread-safe. */
final class SocketMetrics implements IntakeListener {

    private final MeterRegistry registry;
    private final Map<IntakeAnswer, Timer> envelopes;

    /** Counts into this registry, with a timer for each answer. */
    SocketMetrics(MeterRegistry registry, Map<IntakeAnswer, Timer> envelopes) {
        this.registry = registry;
        this.envelopes = new EnumMap<>(envelopes);
    }

    @Override
    public void answered(IntakeAnswer answer, Duration took) {
        Timer timer = envelopes.get(answer);
        if (timer != null) {
            timer.record(took);
        }
    }

    /** Shows this, too. */
    void watch(Supplier<SocketOverview> overview) {
        gauge("connections", "Connections of Socket Mode that are open.", overview, SocketOverview::connected);
        gauge("wanted", "Connections of Socket Mode that are to be open.", overview, SocketOverview::wanted);
        gauge("ghosts", "Connections that Slack counts and nobody knows of.", overview, SocketOverview::ghosts);
        counter("unacknowledged", "Envelopes that were not acknowledged.", overview, SocketOverview::unacknowledged);
        counter(
                "without.connection.seconds",
                "How long there was no connection at all.",
                overview,
                now -> now.withoutConnection().toMillis() / 1000.0);
        overview.get()
                .reconnects()
                .keySet()
                .forEach(cause -> FunctionCounter.builder(
                                "slackline.socket.reconnects",
                                overview,
                                source -> source.get().reconnects().getOrDefault(cause, 0L))
                        .description("Connections that were replaced, by cause.")
                        .tag("cause", cause)
                        .register(registry));
    }

    private void gauge(
            String name,
            String description,
            Supplier<SocketOverview> overview,
            ToDoubleFunction<SocketOverview> value) {
        Gauge.builder("slackline.socket." + name, () -> value.applyAsDouble(overview.get()))
                .description(description)
                .register(registry);
    }

    private void counter(
            String name,
            String description,
            Supplier<SocketOverview> overview,
            ToDoubleFunction<SocketOverview> value) {
        FunctionCounter.builder("slackline.socket." + name, overview, source -> value.applyAsDouble(source.get()))
                .description(description)
                .register(registry);
    }
}
