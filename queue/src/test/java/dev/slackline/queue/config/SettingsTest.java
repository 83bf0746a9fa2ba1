package dev.slackline.queue.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    @Test
    void aLayerMayComeBeforeOthersAndAnotherBeCutToSomeSettings() {
        Setting<String> kept = Setting.text("A_KEPT", "", "Kept.");
        Setting<String> over = Setting.text("A_OVER", "", "Overruled.");
        Setting<String> other = Setting.text("B_OTHER", "none", "Of somebody else.");
        Env env = Env.of(Map.of("A_KEPT", "1", "A_OVER", "2", "B_OTHER", "3"))
                .only(List.of(kept, over))
                .behind("demo", Map.of("A_OVER", "4"));

        Settings settings = Settings.parse(env, List.of(kept, over, other));

        assertThat(settings.toString()).isEqualTo("Settings[A_KEPT=1, A_OVER=4, B_OTHER=none]");
        assertThat(settings.source(over)).isEqualTo("demo");
        assertThatThrownBy(() -> env.behind("demo", Map.of())).hasMessageContaining("'demo' already");
    }

    private static final Setting<Duration> LEASE =
            Setting.duration("QUEUE_LEASE", "60s", Duration.ofMillis(100), Duration.ofDays(1), "How long.");
    private static final Setting<String> PASSWORD = Setting.secret("MQ_PASSWORD", null, "The password.");
    private static final Setting<Long> SIZE = Setting.size("MQ_SIZE", "1MiB", 1, 1L << 40, "How large.");

    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "30s,PT30S", "5m,PT5M", "PT1H,PT1H"})
    void durationsAreReadAsPeopleWriteThem(String text, Duration expected) {
        assertThat(Settings.parse(Map.of("QUEUE_LEASE", text), List.of(LEASE)).get(LEASE))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"500,500", "64KiB,65536", "64k,65536", "1MiB,1048576", "2GiB,2147483648", "12b,12"})
    void sizesAreReadAsPeopleWriteThem(String text, long expected) {
        assertThat(Settings.parse(Map.of("MQ_SIZE", text), List.of(SIZE)).get(SIZE))
                .isEqualTo(expected);
    }

    @Test
    void anEmptyValueIsNotSet() {
        assertThat(Settings.parse(Map.of("QUEUE_LEASE", ""), List.of(LEASE)).get(LEASE))
                .isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void aMissingRequiredVariableIsNamed() {
        assertThatThrownBy(() -> Settings.parse(Map.of(), List.of(PASSWORD)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("MQ_PASSWORD is required");
    }

    @Test
    void secretsAreHiddenEverywhere() {
        Setting<Integer> port = new Setting<>("MQ_PORT", "secret number", "1", true, "A secret.", text -> {
            throw new IllegalArgumentException("use a number");
        });
        Settings settings = Settings.parse(Map.of("MQ_PASSWORD", "hunter2"), List.of(PASSWORD));
        assertThat(settings.shown(PASSWORD)).isEqualTo("****");
        assertThat(settings.toString()).doesNotContain("hunter2");
        assertThatThrownBy(() -> Settings.parse(Map.of("MQ_PORT", "hunter2"), List.of(port)))
                .hasMessageContaining("MQ_PORT")
                .extracting(Throwable::getMessage)
                .asString()
                .doesNotContain("hunter2");
    }

    @Test
    void aSecretMayComeFromAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "hunter2\n");
        Settings settings = Settings.parse(Map.of("MQ_PASSWORD_FILE", file.toString()), List.of(PASSWORD));
        assertThat(settings.get(PASSWORD)).isEqualTo("hunter2");
        assertThat(settings.source(PASSWORD)).isEqualTo("MQ_PASSWORD_FILE");
    }

    @Test
    void onlyTheLastLineEndOfAFileIsCutOff(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("password"), " hunter2 \r\n");
        Settings settings = Settings.parse(Map.of("MQ_PASSWORD_FILE", file.toString()), List.of(PASSWORD));
        assertThat(settings.get(PASSWORD)).isEqualTo(" hunter2 ");
    }

    @Test
    void anEmptyFileIsNoSecret(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "\n");
        assertThatThrownBy(() -> Settings.parse(Map.of("MQ_PASSWORD_FILE", file.toString()), List.of(PASSWORD)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("MQ_PASSWORD_FILE")
                .hasMessageContaining("is empty");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() {
        assertThatThrownBy(() -> Settings.parse(Map.of("MQ_PASSWORD_FILE", "/nowhere/at/all"), List.of(PASSWORD)))
                .hasMessageContaining("MQ_PASSWORD_FILE")
                .hasMessageContaining("/nowhere/at/all");
    }

    @Test
    void anUnknownVariableOfAKnownPrefixIsWarnedAbout() {
        Env env = Env.of(Map.of("QUEUE_LEESE", "3s", "PATH", "/bin", "MQ_PASSWORD_FILE", "x", "HTTP_PROXY", "y"));
        assertThat(Settings.unknown(env, List.of(LEASE, PASSWORD)))
                .singleElement()
                .asString()
                .contains("QUEUE_LEESE", "did you mean QUEUE_LEASE?");
    }

    @Test
    void theFirstLayerWins() {
        Env env = Env.of(Map.of("QUEUE_LEASE", "1s")).orElse(".env", Map.of("QUEUE_LEASE", "2s", "MQ_SIZE", "5"));
        Settings settings = Settings.parse(env, List.of(LEASE, SIZE));
        assertThat(settings.get(LEASE)).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.source(SIZE)).isEqualTo(".env");
    }
}
