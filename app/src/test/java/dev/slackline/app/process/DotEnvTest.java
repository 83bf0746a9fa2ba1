package dev.slackline.app.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Env;
import dev.slackline.queue.config.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DotEnvTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void readsNamesValuesQuotesAndComments() {
        assertThat(DotEnv.parse(
                        ".env",
                        List.of(
                                "# a comment",
                                "",
                                "PLAIN=value with blanks # and a comment",
                                "  export EXPORTED = yes",
                                "QUOTED=\"a # b\" # c",
                                "SINGLE='$x'",
                                "HASH=a#b",
                                "EMPTY=")))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "PLAIN", "value with blanks",
                        "EXPORTED", "yes",
                        "QUOTED", "a # b",
                        "SINGLE", "$x",
                        "HASH", "a#b",
                        "EMPTY", ""));
    }

    @Test
    void namesTheLineItCannotReadAndNotWhatStandsThere() {
        assertThatThrownBy(() -> DotEnv.parse(".env", List.of("A=1", "xoxb-a-token-without-a-name")))
                .hasMessageContaining(".env, line 2")
                .hasMessageNotContaining("xoxb");
    }

    @Test
    void theEnvironmentWinsOverTheFile() throws Exception {
        Path file = Files.writeString(folder.resolve(".env"), "QUEUE_LEASE=2m\nQUEUE_PREFETCH=7\n");

        Env env = ProcessEnvironment.read(Map.of("QUEUE_LEASE", "3m"), file);
        Settings settings = Settings.parse(env, List.of(QueueSettings.LEASE, QueueSettings.PREFETCH));

        assertThat(settings.shown(QueueSettings.LEASE)).isEqualTo("3m");
        assertThat(settings.source(QueueSettings.LEASE)).isEqualTo("environment");
        assertThat(settings.get(QueueSettings.PREFETCH)).isEqualTo(7);
        assertThat(settings.source(QueueSettings.PREFETCH)).isEqualTo(".env");
    }

    @Test
    void aFileThatIsThereAndCannotBeReadIsAnError() throws Exception {
        Path directory = Files.createDirectory(folder.resolve(".env"));

        assertThatThrownBy(() -> ProcessEnvironment.read(Map.of(), directory))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(".env");
    }
}
