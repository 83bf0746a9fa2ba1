package dev.slackline.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Settings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RedisSettingsTest {

    @Test
    void aUrlMayNameNoMoreThanTheHost() {
        RedisSettings settings = parse(Map.of("REDIS_URL", "redis://redis.example.org"));
        assertThat(settings.host()).isEqualTo("redis.example.org");
        assertThat(settings.port()).isEqualTo(6379);
        assertThat(settings.database()).isZero();
        assertThat(settings.username()).isEmpty();
        assertThat(settings.password()).isEmpty();
        assertThat(settings.tls()).isFalse();
        assertThat(settings.stream()).isEqualTo("slack_events");
    }

    @Test
    void aUrlMayNameEverything() {
        RedisSettings settings = parse(Map.of("REDIS_URL", "rediss://bot:p%40ss%2Fw:rd@redis.example.org:7000/3"));
        assertThat(settings.host()).isEqualTo("redis.example.org");
        assertThat(settings.port()).isEqualTo(7000);
        assertThat(settings.database()).isEqualTo(3);
        assertThat(settings.username()).isEqualTo("bot");
        assertThat(settings.password()).isEqualTo("p@ss/w:rd");
        assertThat(settings.tls()).isTrue();
    }

    @Test
    void aPasswordNeedsNoUser() {
        assertThat(parse(Map.of("REDIS_URL", "redis://:secret@localhost")).password())
                .isEqualTo("secret");
        assertThat(parse(Map.of("REDIS_URL", "redis://:a+b@localhost")).password())
                .isEqualTo("a+b");
        assertThat(parse(Map.of("REDIS_URL", "redis://:a@b@localhost")).password())
                .isEqualTo("a@b");
    }

    @Test
    void aPasswordOfItsOwnGoesOverTheOneInTheUrl() {
        RedisSettings settings = parse(Map.of("REDIS_URL", "redis://bot:old@localhost", "REDIS_PASSWORD", "new"));
        assertThat(settings.username()).isEqualTo("bot");
        assertThat(settings.password()).isEqualTo("new");
        assertThat(parse(Map.of("REDIS_URL", "redis://bot@localhost", "REDIS_PASSWORD", "new"))
                        .username())
                .isEqualTo("bot");
    }

    @Test
    void tlsMayBeChosenByItself() {
        assertThat(parse(Map.of("REDIS_SSL", "true")).tls()).isTrue();
        assertThat(parse(Map.of("REDIS_SSL", "true")).place()).startsWith("rediss://localhost:6379/0");
    }

    @Test
    void anAddressOfVersionSixIsWrittenInBrackets() {
        RedisSettings settings = parse(Map.of("REDIS_URL", "redis://[::1]:6380/1"));
        assertThat(settings.host()).isEqualTo("::1");
        assertThat(settings.port()).isEqualTo(6380);
        assertThat(settings.place()).contains("redis://[::1]:6380/1");
    }

    @Test
    void whatIsNoUrlIsRefusedWithoutRepeatingIt() {
        for (String url : List.of(
                "hush",
                "http://hush@localhost",
                "redis://",
                "redis://:hush@",
                "redis://localhost:hush",
                "redis://localhost:0",
                "redis://localhost:70000",
                "redis://localhost/hush",
                "redis://:hush%@localhost",
                "redis://hush@localhost",
                "redis://localhost?hush=1")) {
            assertThatThrownBy(() -> parse(Map.of("REDIS_URL", url)))
                    .as(url)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("REDIS_URL")
                    .hasMessageNotContaining("hush");
        }
    }

    @Test
    void thePasswordIsNeverShown() {
        RedisSettings settings = parse(Map.of("REDIS_URL", "redis://bot:hush@localhost"));
        assertThat(settings.toString() + settings.place()).doesNotContain("hush");
    }

    @Test
    void theStreamMayHoldNoBraces() {
        assertThatThrownBy(() -> parse(Map.of("REDIS_STREAM", "a{b}c")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("REDIS_STREAM");
    }

    @Test
    void versionsBefore62AreTooOld() {
        assertThat(List.of("2.8.0", "5.0.14", "6.0.20", "6.1.240")).allMatch(Server::isBefore);
        assertThat(List.of("6.2.0", "6.2.14", "7.0.15", "8.2.1", "255.255.255", "unstable"))
                .noneMatch(Server::isBefore);
    }

    private static RedisSettings parse(Map<String, String> env) {
        return RedisSettings.from(Settings.parse(env, RedisSettings.ALL));
    }
}
