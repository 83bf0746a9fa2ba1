package dev.slackline.bench;

import dev.slackline.slack.simulator.SlackSimulator;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The real {@code serve} of one workspace, with agents at {@code /mcp}, none of which is slowed down. */
final class McpServe {

    private McpServe() {}

    /** A process with files of its own, whose names begin like this. */
    static ServerProcess start(SlackSimulator slack, TemporaryFolder folder, String name) throws IOException {
        ServerProcess serve = ServerProcess.start(
                List.of(Machine.home().resolve("slackline").toString(), "serve"), environment(slack, folder, name));
        slack.deliverTo(URI.create("http://127.0.0.1:" + serve.port() + "/slack/events"));
        return serve;
    }

    /** For another process on the same queue. */
    static Map<String, String> environment(SlackSimulator slack, TemporaryFolder folder, String name) {
        Path names = folder.file(name + "-names.json");
        Map<String, String> environment = new HashMap<>(Map.of(
                "QUEUE_BACKEND",
                "sqlite",
                "SQLITE_PATH",
                folder.file(name + ".db").toString(),
                "HTTP_PORT",
                "0",
                "SLACK_SIGNING_SECRET",
                slack.signingSecret(),
                "SLACK_BOT_TOKEN",
                slack.botToken(),
                "SLACK_API_URL",
                slack.apiUrl().toString(),
                "MCP_CACHE_FILE",
                names.toString(),
                "MCP_RATE_LIMIT",
                "0"));
        environment.put("MCP_CONFORMANCE_FIXTURES", "true"); // where the tool is that does nothing
        return environment;
    }
}
