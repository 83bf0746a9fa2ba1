package dev.slackline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Payload;
import dev.slackline.slack.event.EventType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The manifests in docs/slack-app.md can be pasted as they are. */
class ManifestTest {

    private static final Pattern BLOCK = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);

    private final List<Map<String, Object>> manifests = BLOCK.matcher(read())
            .results()
            .map(block -> Payload.parse(block.group(1)).asMap())
            .toList();

    @Test
    void itIsWholeAndHasWhatTheExamplesNeed() {
        Map<String, Object> manifest = manifests.get(0);

        assertThat(manifest).containsKeys("display_information", "features", "oauth_config", "settings");
        assertThat(strings(manifest, "oauth_config", "scopes", "bot"))
                .doesNotHaveDuplicates()
                .contains("app_mentions:read", "chat:write", "commands", "im:history", "reactions:write");
        assertThat(objects(manifest, "features", "slash_commands"))
                .extracting(command -> String.valueOf(command.get("command")))
                .containsExactly("/ticket", "/report");
        assertThat(at(manifest, "settings", "socket_mode_enabled")).isEqualTo(true);
    }

    @Test
    void itSubscribesToEventsThatThereAre() {
        assertThat(strings(manifests.get(0), "settings", "event_subscriptions", "bot_events"))
                .allMatch(event -> EventType.of(event.split("\\.", -1)[0]).isPresent())
                .contains("app_mention", "message.im");
    }

    @Test
    void overHttpEverythingGoesToOneDoor() {
        assertThat(at(manifests.get(1), "settings", "interactivity", "request_url"))
                .isEqualTo(at(manifests.get(1), "settings", "event_subscriptions", "request_url"))
                .asString()
                .endsWith("/slack/events");
    }

    private static Object at(Map<String, Object> manifest, String... names) {
        Object here = manifest;
        for (String name : names) {
            here = here instanceof Map<?, ?> map && map.get(name) != null ? map.get(name) : Map.of();
        }
        return here;
    }

    private static List<String> strings(Map<String, Object> manifest, String... names) {
        return at(manifest, names) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static List<Map<?, ?>> objects(Map<String, Object> manifest, String... names) {
        return at(manifest, names) instanceof List<?> list
                ? list.stream().<Map<?, ?>>map(Map.class::cast).toList()
                : List.of();
    }

    private static String read() {
        try {
            return Files.readString(Path.of("..", "docs", "slack-app.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
