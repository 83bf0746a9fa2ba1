package dev.slackline.backend.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Settings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NatsSettingsTest {

    @Test
    void nothingNeedsToBeSaid() {
        NatsSettings settings = of(Map.of());
        assertThat(settings.addresses()).containsExactly("nats://localhost:4222");
        assertThat(settings.stream()).isEqualTo("slack_events");
        assertThat(settings.isSecure()).isFalse();
    }

    @Test
    void serversMayBeWrittenInEveryUsualForm() {
        NatsSettings settings = of(Map.of("NATS_URL", "nats://bot:p%40ss@one:4333, two ,nats://three"));
        assertThat(settings.addresses())
                .containsExactly("nats://bot:p%40ss@one:4333", "nats://two:4222", "nats://three:4222");
    }

    @Test
    void oneServerWithTlsMeansTlsForAll() {
        assertThat(of(Map.of("NATS_URL", "tls://one,nats://two")).addresses())
                .containsExactly("tls://one:4222", "tls://two:4222");
        assertThat(of(Map.of("NATS_TLS_CA", "/ca.pem")).addresses()).containsExactly("tls://localhost:4222");
    }

    @Test
    void noSecretIsShown() {
        NatsSettings settings = of(Map.of("NATS_URL", "nats://bot:hush1@one"));
        NatsSettings named = of(Map.of("NATS_USERNAME", "bot", "NATS_PASSWORD", "hush2"));
        assertThat(settings.toString() + settings.place() + named + named.place())
                .doesNotContain("hush")
                .contains("nats://one:4222, stream slack_events");
        assertThatThrownBy(() -> of(Map.of("NATS_URL", "nats://bot:hush 3@one")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("NATS_URL")
                .hasMessageNotContaining("hush");
    }

    @Test
    void whoWeAreIsSaidOnce() {
        for (Map<String, String> contradiction : List.of(
                Map.of("NATS_URL", "nats://token@one", "NATS_TOKEN", "t"),
                Map.of("NATS_CREDS", "/file", "NATS_TOKEN", "t"),
                Map.of("NATS_USERNAME", "bot", "NATS_PASSWORD", "p", "NATS_CREDS", "/file"))) {
            assertThatThrownBy(() -> of(contradiction))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("only once");
        }
        assertThatThrownBy(() -> of(Map.of("NATS_USERNAME", "bot")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("NATS_PASSWORD");
    }

    @Test
    void aStreamHasANameThatNoOtherTopicNeeds() {
        for (String name : List.of("", "a.b", "a b", "a*", "a>", "größe", "a/b", "events-dead", "events-state")) {
            assertThatThrownBy(() -> of(Map.of("NATS_STREAM", name.isEmpty() ? "." : name)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("NATS_STREAM");
        }
    }

    @Test
    void aServerIsNoneOfAnotherKind() {
        for (String url : List.of("http://one", "nats://", "nats://a b", "://", ",")) {
            assertThatThrownBy(() -> of(Map.of("NATS_URL", url)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("NATS_URL");
        }
    }

    private static NatsSettings of(Map<String, String> env) {
        return NatsSettings.from(Settings.parse(env, NatsSettings.ALL));
    }
}
