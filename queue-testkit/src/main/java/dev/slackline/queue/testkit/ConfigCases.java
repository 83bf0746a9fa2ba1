package dev.slackline.queue.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slackline.queue.Backends;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Status;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Env;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;

/** How a backend is chosen and configured. */
abstract class ConfigCases {

    private static final Set<String> TYPES_OF_ANY_TEXT = Set.of("text", "list", "secret", "secret list", "path");

    @Case(1)
    void theDocumentedMinimumWorks(Trial trial) {
        try (Queue queue = Queue.fromEnv(trial.settings())) {
            Message sent = Await.result(queue.publish("event.message", Map.of("text", "hello")));
            CollectingSubscriber member =
                    CollectingSubscriber.to(queue.consume()).request(1);
            assertThat(member.next().message()).isEqualTo(sent);
            assertThat(Await.result(queue.groups())).containsExactly(Queue.DEFAULT_GROUP);
            assertThat(queue.status().state()).isEqualTo(Status.State.UP);
        }
    }

    @Case(1)
    void everyDeclaredVariableIsRead(Trial trial) {
        for (Setting<?> setting : declared(trial)) {
            String fallback = setting.fallback();
            String plain = fallback == null || fallback.isEmpty() ? "text" : fallback;
            String value = trial.settings().getOrDefault(setting.name(), plain); // some must have a form: an address
            Settings read = Settings.parse(Map.of(setting.name(), value), List.of(setting));
            assertThat(read.source(setting)).as(setting.name()).isEqualTo("environment");
            assertThat(setting.description())
                    .as("description of " + setting.name())
                    .isNotBlank();
        }
    }

    @Case(2)
    void aMissingRequiredVariableIsNamed(Trial trial) {
        List<Setting<?>> required = new ArrayList<>(trial.harness().provider().settings());
        required.removeIf(setting -> setting.fallback() != null);
        if (required.isEmpty()) {
            throw Trial.skipped("the backend requires no variable");
        }
        Map<String, String> env =
                Map.of(QueueSettings.BACKEND.name(), trial.harness().provider().name());
        ConfigurationException wrong = catchThrowableOfType(ConfigurationException.class, () -> Queue.fromEnv(env));
        assertThat(wrong).isNotNull();
        required.forEach(setting -> assertThat(wrong).hasMessageContaining(setting.name()));
    }

    @Case(3)
    void malformedValuesAreNamedAllAtOnce(Trial trial) {
        Map<String, String> wrong = new HashMap<>(Map.of(
                QueueSettings.LEASE.name(), "5 parsecs",
                QueueSettings.PREFETCH.name(), "-1",
                QueueSettings.MAX_ATTEMPTS.name(), "0"));
        for (Setting<?> setting : trial.harness().provider().settings()) {
            if (!TYPES_OF_ANY_TEXT.contains(setting.type())) {
                wrong.put(setting.name(), "no such value");
            }
        }
        Map<String, String> env = new HashMap<>(trial.settings());
        env.putAll(wrong);
        ConfigurationException error = catchThrowableOfType(ConfigurationException.class, () -> Queue.fromEnv(env));
        assertThat(error).isNotNull();
        assertThat(error.problems()).as("one problem for each wrong value").hasSize(wrong.size());
        wrong.forEach((name, value) -> assertThat(error).hasMessageContainingAll(name, value));
    }

    @Case(4)
    void anUnknownVariableOfADeclaredPrefixIsWarnedAbout(Trial trial) {
        for (Setting<?> setting : declared(trial)) {
            String typo = setting.name() + "X";
            List<String> warnings =
                    Settings.unknown(Env.of(Map.of(typo, "1", setting.name(), "1", "PATH", "/bin")), declared(trial));
            assertThat(warnings).as(typo).hasSize(1);
            assertThat(warnings.get(0)).contains(typo).contains(setting.name());
        }
    }

    @Case(5)
    void secretsAndPayloadsNeverAppearInTexts(Trial trial) {
        String secret = "hush" + Long.toHexString(trial.random().nextLong());
        for (Setting<?> setting : declared(trial)) {
            if (setting.secret()) {
                String value = trial.settings().getOrDefault(setting.name(), secret);
                Settings settings = Settings.parse(Map.of(setting.name(), value), List.of(setting));
                assertThat(settings.toString() + settings.shown(setting)).doesNotContain(value);
            }
        }
        trial.set(QueueSettings.MAX_PAYLOAD, "1KiB");
        trial.group();
        Message sent = trial.publish(trial.newMessage("{\"text\":\"" + secret + "\"}"));
        Delivery delivery = trial.join(trial.group()).requestNext();
        Message large = trial.newMessage("{\"text\":\"" + secret.repeat(100) + "\"}");
        Throwable refusal =
                Await.failure("a publish that is too large", trial.queue().publish(large));
        assertThat(String.join(" ", sent.toString(), delivery.toString(), refusal.toString()))
                .doesNotContain(secret);
        assertThat(trial.queue().status().toString()).doesNotContain(secret);
        Await.result(delivery.ack());
    }

    @Case(6)
    void whatIsRefusedForGoodIsAnErrorAtOnce(Trial trial) {
        Map<String, Map<String, String>> refused = trial.harness().refusedTopics();
        if (refused.isEmpty()) {
            throw Trial.skipped("the harness knows no settings that are refused for good");
        }
        refused.forEach((what, settings) -> {
            Map<String, String> env = new HashMap<>(trial.settings());
            env.putAll(settings);
            Stopwatch stopwatch = Stopwatch.start();
            Throwable error = catchThrowableOfType(
                    RuntimeException.class, () -> Queue.fromEnv(env).close());
            Duration took = stopwatch.elapsed();
            stopwatch.close();
            assertThat(error).as(what).isInstanceOfAny(QueueException.class, ConfigurationException.class);
            if (error instanceof QueueException refusal) {
                assertThat(refusal.retryable()).as(what + ": retryable").isFalse();
            }
            assertThat(took).as(what).isLessThan(Duration.ofSeconds(5));
        });
    }

    @Case(8)
    void twoBackendsInOneJvmDoNotInterfere(Trial trial) {
        Trial other = trial.elsewhere();
        try {
            trial.set(QueueSettings.MAX_ATTEMPTS, "1");
            Message here = trial.publish();
            Message there = other.publish();
            assertThat(Await.result(trial.queue().groups())).containsExactly(trial.group());
            assertThat(Await.result(other.queue().groups())).containsExactly(other.group());
            Delivery one = trial.join(trial.group()).requestNext();
            assertThat(one.message()).isEqualTo(here);
            Await.result(one.retry(Duration.ZERO, "the only attempt here"));
            assertThat(trial.stats(trial.group()).dead()).isEqualTo(1);
            trial.queue().close();

            Delivery two = other.join(other.group()).requestNext();
            assertThat(two.message()).as("what a neighbour left alone").isEqualTo(there);
            Await.result(two.retry(Duration.ZERO, "one of five attempts there"));
            assertThat(other.stats(other.group()).dead()).isZero();
            other.check();
        } finally {
            other.close();
        }
    }

    @Case(9)
    void itIsFoundByItsName(Trial trial) {
        QueueBackendProvider provider = trial.harness().provider();
        assertThat(provider.name()).matches("[a-z0-9]+");
        assertThat(Backends.named(provider.name())).hasSameClassAs(provider);
        ConfigurationException unknown =
                catchThrowableOfType(ConfigurationException.class, () -> Backends.named("nosuch" + provider.name()));
        assertThat(unknown).hasMessageContaining(provider.name());
    }

    @Case(9)
    void capabilitiesAreAsExpected(Trial trial) {
        assertThat(trial.capabilities()).isEqualTo(trial.harness().expected());
        assertThat(trial.queue().capabilities()).isEqualTo(trial.harness().expected());
    }

    @Case(9)
    void twoBackendsOfOneNameAreAnError(Trial trial, @TempDir Path jar) throws Exception {
        Path services = Files.createDirectories(jar.resolve("META-INF/services"));
        Files.writeString(services.resolve(QueueBackendProvider.class.getName()), Namesake.class.getName());
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            Namesake.of(trial.harness().provider());
            ConfigurationException error =
                    catchThrowableOfType(ConfigurationException.class, () -> Queue.fromEnv(trial.settings()));
            assertThat(error)
                    .hasMessageContaining("two backends are called '"
                            + trial.harness().provider().name())
                    .hasMessageContaining(Namesake.class.getName());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static List<Setting<?>> declared(Trial trial) {
        List<Setting<?>> declared = new ArrayList<>(QueueSettings.ALL);
        declared.addAll(trial.harness().provider().settings());
        assertThat(declared.stream().map(Setting::name).collect(Collectors.toSet()))
                .as("each name once")
                .hasSameSizeAs(declared);
        return declared;
    }
}
