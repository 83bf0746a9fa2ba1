package dev.slackline.mcp.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.mcp.Caller;
import dev.slackline.mcp.NoSuchResourceException;
import dev.slackline.mcp.Resource;
import dev.slackline.mcp.ResourceContents;
import dev.slackline.mcp.ResourceTemplate;
import dev.slackline.mcp.ToolResult;
import dev.slackline.mcp.access.AccessSettings;
import dev.slackline.mcp.access.Policy;
import dev.slackline.queue.config.Settings;
import dev.slackline.slack.simulator.SlackSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways around: what a channel holds, looked for everywhere but in the channel. */
class HiddenPlacesTest {

    private static final String PLAN = "xyzzy plan";

    private final SlackSimulator slack =
            SlackSimulator.builder().channel("secret").start();
    private final List<Agent> agents = new ArrayList<>();
    private final String secret =
            slack.workspace().channel("secret").orElseThrow().id();

    @TempDir
    Path folder;

    private Agent all;
    private Agent kept;

    @BeforeEach
    void start() {
        all = agent(Map.of("MCP_WRITE", "on"));
        kept = agent(Map.of("MCP_WRITE", "on", "MCP_CHANNELS", "!#secret"));
    }

    @AfterEach
    void end() {
        agents.forEach(Agent::close);
        slack.close();
    }

    @Test
    void searchFindsNothingThere() {
        slack.user("ada").says("#secret", PLAN);
        slack.user("ada").says("#general", "no xyzzy here");

        ToolResult found = kept.result("slack_search_messages", "query", "xyzzy");

        assertThat(all.calls("slack_search_messages", "query", "xyzzy").path("matches"))
                .hasSize(2);
        assertThat(Agent.text(found))
                .contains("no xyzzy here")
                .doesNotContain(PLAN)
                .doesNotContain(secret);
        assertThat(found.structured().toString()).doesNotContain(PLAN);
        assertThat(Agent.text(kept.result("slack_search_messages", "query", "plan in:#secret")))
                .doesNotContain(PLAN);
        assertThat(kept.calls("slack_search_channels", "query", "secret").path("channels"))
                .isEmpty();
    }

    @Test
    void whatIsUnreadOrScheduledThereIsLeftOut() {
        slack.user("ada").says("#secret", PLAN);
        all.calls("slack_schedule_message", "channel", "#secret", "text", PLAN, "post_at", "1d");

        assertThat(all.calls("slack_unread").toString()).contains(secret);
        assertThat(kept.calls("slack_unread").toString()).doesNotContain(secret);
        assertThat(kept.calls("slack_list_scheduled_messages").path("scheduled_messages"))
                .isEmpty();
        assertThat(kept.calls("slack_my_channels").toString()).doesNotContain(secret);
    }

    @Test
    void aFileThereIsNeitherListedNorRead() {
        String file = all.calls("slack_upload_file", "channel", "#secret", "filename", "xyzzy.txt", "content", PLAN)
                .path("file")
                .asString();

        assertThat(kept.fails("slack_read_file", "file", file))
                .doesNotContain(PLAN)
                .contains("MCP_CHANNELS");
        assertThat(kept.fails("slack_file_info", "file", file)).doesNotContain("xyzzy");
        assertThat(kept.calls("slack_list_files").path("files")).isEmpty();
        assertThat(kept.calls("slack_search_files", "query", "xyzzy").path("matches"))
                .isEmpty();
        assertThat(all.calls("slack_read_file", "file", file).path("text").asString())
                .isEqualTo(PLAN);
    }

    @Test
    void aCanvasThereIsNeitherReadNorChanged() {
        String canvas = all.calls("slack_create_canvas", "title", "x", "markdown", PLAN, "channel", "#secret")
                .path("canvas")
                .asString();
        Agent reader = agent(Map.of("MCP_WRITE", "!#secret"));

        kept.fails("slack_read_canvas", "canvas", canvas);
        kept.fails("slack_find_canvas_sections", "canvas", canvas, "contains", "x");
        kept.fails("slack_read_file", "file", canvas);
        assertThat(reader.calls("slack_read_canvas", "canvas", canvas)
                        .path("html")
                        .asString())
                .contains(PLAN);
        for (Agent each : List.of(kept, reader)) {
            each.fails("slack_edit_canvas", "canvas", canvas, "markdown", "mine");
            each.fails("slack_delete_canvas", "canvas", canvas);
            each.fails("slack_create_canvas", "title", "x", "markdown", "mine", "channel", secret);
        }
        assertThat(slack.calls("canvases.edit")).isEmpty();
        assertThat(slack.calls("canvases.delete")).isEmpty();
        assertThat(slack.calls("canvases.create")).hasSize(1);
    }

    @Test
    void resourcesKeepTheSameRules() {
        slack.user("ada").says("#secret", PLAN);
        slack.user("ada").says("#general", "hello");
        String general = slack.workspace().channel("general").orElseThrow().id();

        assertThat(read(kept, "slack://channel/" + general + "/recent")).contains("hello", "<untrusted-");
        assertThat(read(all, "slack://channel/" + secret + "/recent")).contains(PLAN);
        assertThat(read(kept, "slack://channels"))
                .contains("general")
                .doesNotContain("secret")
                .doesNotContain(secret);
        assertThat(read(kept, "slack://users")).contains("ada");
        assertThat(read(kept, "slack://emojis")).contains("shipit");
        for (String uri : List.of(
                "slack://channel/" + secret + "/recent",
                "slack://channel/%23secret/recent",
                "slack://channel/secret/recent",
                "slack://thread/" + secret + "/1700000000.000100",
                "slack://channel/../recent")) {
            assertThatThrownBy(() -> read(kept, uri))
                    .as(uri)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(NoSuchResourceException.class);
        }
        assertThat(kept.audited).extracting(call -> call.what()).contains("slack_channel_history", "slack_thread");
    }

    @Test
    void aResourceGoesWithItsTool() {
        Agent agent = agent(Map.of("MCP_TOOLS_DISABLED", "slack_channel_history,slack_list_users"));

        assertThat(agent.catalog().templates())
                .extracting(ResourceTemplate::name)
                .containsExactly("thread");
        assertThat(agent.catalog().resources()).extracting(Resource::name).containsExactly("channels", "emojis");
    }

    @Test
    void noPathLeadsOutOfTheFolderForUploads() throws IOException {
        Path outside = Files.writeString(folder.resolve("outside.txt"), "host secret");
        Path inside = Files.createDirectories(folder.resolve("agent0"));
        Files.createSymbolicLink(inside.resolve("link.txt"), outside);

        for (String path : List.of(
                "../outside.txt",
                outside.toString(),
                "link.txt",
                "/etc/passwd",
                ".",
                "missing.txt",
                "x\0y",
                "../agent0/../outside.txt")) {
            assertThat(all.fails("slack_upload_file", "channel", "#general", "filename", "x.txt", "path", path))
                    .as(path)
                    .contains("no such file")
                    .doesNotContain("host secret");
        }
        assertThat(all.fails(
                        "slack_upload_file", "channel", "#general", "filename", "x.txt", "content", "x".repeat(10_001)))
                .contains("10000 bytes");
        assertThat(slack.calls("files.getUploadURLExternal")).isEmpty();
    }

    private Agent agent(Map<String, String> settings) {
        Policy policy = AccessSettings.policy(Settings.parse(settings, AccessSettings.ALL));
        Agent agent = new Agent(slack, folder.resolve("agent" + agents.size()), policy);
        agents.add(agent);
        return agent;
    }

    private static String read(Agent agent, String uri) {
        Resource.Reader reader = agent.catalog().resources().stream()
                .filter(resource -> resource.uri().equals(uri))
                .map(Resource::reader)
                .findFirst()
                .orElseGet(() -> agent.catalog().templates().stream()
                        .filter(template ->
                                uri.startsWith(template.uriTemplate().replaceFirst("\\{.*", "")))
                        .map(ResourceTemplate::reader)
                        .findFirst()
                        .orElseThrow());
        ResourceContents contents = Agent.now(reader.read(uri, Caller.LOCAL));
        assertThat(contents.uri()).isEqualTo(uri);
        return contents.text();
    }
}
