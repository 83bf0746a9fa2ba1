package dev.slackline.app.serve;

import dev.slackline.app.groups.GroupOverview;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.QueueListener;
import dev.slackline.slack.IntakeAnswer;
import dev.slackline.slack.IntakeListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts what intake and queue do, in the format of Prometheus. Thread-safe. */
public final class Metrics implements QueueListener, IntakeListener {

    private static final Duration[] BOUNDS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(10)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<IntakeAnswer, Timer> answers = new EnumMap<>(IntakeAnswer.class);
    private final Timer publishes = timer("slackline.publish", "How long until a message was durable.", Tags.empty());
    private final Counter publishFailures = Counter.builder("slackline.publish.failures")
            .description("Publishes that were given up.")
            .register(registry);
    private final MultiGauge depths = MultiGauge.builder("slackline.group.messages")
            .description("Messages in a group, by state.")
            .register(registry);
    private final MultiGauge ages = MultiGauge.builder("slackline.group.oldest.age")
            .description("Age of the oldest message that waits in a group; 0 when none does.")
            .baseUnit("seconds")
            .register(registry);
    private final MultiGauge consumers = MultiGauge.builder("slackline.group.consumers")
            .description("Members that consume a group, in every process.")
            .register(registry);
    private volatile @Nullable Instant lastPublish;

    /** Starts to count. */
    public Metrics() {
        for (IntakeAnswer answer : IntakeAnswer.values()) {
            Tags tags = Tags.of("answer", lower(answer), "status", Integer.toString(answer.status()));
            answers.put(answer, timer("slackline.intake.answers", "Answers to Slack, by kind.", tags));
        }
    }

    @Override
    public void answered(IntakeAnswer answer, Duration took) {
        Timer timer = answers.get(answer);
        if (timer != null) {
            timer.record(took);
        }
    }

    @Override
    public void published(Message message, Duration took) {
        lastPublish = Instant.now();
        publishes.record(took);
    }

    @Override
    public void publishFailed(Message message, QueueException cause, Duration took) {
        publishFailures.increment();
    }

    @Override
    public void settled(String group, Delivery delivery, Outcome outcome) {
        Counter.builder("slackline.deliveries")
                .description("Settled deliveries, by outcome.")
                .tag("group", group)
                .tag("outcome", lower(outcome))
                .register(registry)
                .increment();
    }

    /** What is told of Socket Mode goes here. */
    SocketMetrics ofSocketMode() {
        Map<IntakeAnswer, Timer> envelopes = new EnumMap<>(IntakeAnswer.class);
        for (IntakeAnswer answer : IntakeAnswer.values()) {
            Tags tags = Tags.of("answer", lower(answer), "acknowledged", Boolean.toString(answer.status() == 200));
            envelopes.put(answer, timer("slackline.socket.envelopes", "Envelopes of Socket Mode, by kind.", tags));
        }
        return new SocketMetrics(registry, envelopes);
    }

    /** When a message last became durable in this process; null when none has yet. */
    @Nullable
    Instant lastPublish() {
        return lastPublish;
    }

    /** Everything, with what the groups hold now. */
    String scrape(List<GroupOverview> groups) {
        List<MultiGauge.Row<?>> depthRows = new ArrayList<>();
        List<MultiGauge.Row<?>> ageRows = new ArrayList<>();
        List<MultiGauge.Row<?>> consumerRows = new ArrayList<>();
        for (GroupOverview group : groups) {
            Tags tags = Tags.of("group", group.name());
            depthRows.add(
                    MultiGauge.Row.of(tags.and("state", "ready"), group.stats().ready()));
            depthRows.add(MultiGauge.Row.of(
                    tags.and("state", "in_flight"), group.stats().inFlight()));
            depthRows.add(MultiGauge.Row.of(
                    tags.and("state", "delayed"), group.stats().delayed()));
            depthRows.add(
                    MultiGauge.Row.of(tags.and("state", "dead"), group.stats().dead()));
            Duration age = group.stats().oldestAge();
            ageRows.add(MultiGauge.Row.of(tags, age == null ? 0 : age.toMillis() / 1000.0));
            consumerRows.add(MultiGauge.Row.of(tags, group.stats().consumers()));
        }
        depths.register(depthRows, true);
        ages.register(ageRows, true);
        consumers.register(consumerRows, true);
        return registry.scrape();
    }

    private Timer timer(String name, String description, Tags tags) {
        return Timer.builder(name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(BOUNDS)
                .register(registry);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
