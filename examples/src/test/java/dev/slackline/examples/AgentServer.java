package dev.slackline.examples;

import dev.slackline.mcp.ResourceUpdates;
import dev.slackline.mcp.access.Policy;
import dev.slackline.mcp.http.McpDoor;
import dev.slackline.mcp.http.McpSettings;
import dev.slackline.mcp.inbox.Inbox;
import dev.slackline.mcp.inbox.InboxSettings;
import dev.slackline.mcp.protocol.Offer;
import dev.slackline.mcp.slack.SlackTools;
import dev.slackline.mcp.slack.SlackToolsSettings;
import dev.slackline.queue.Queue;
import dev.slackline.queue.config.Env;
import dev.slackline.queue.config.Settings;
import dev.slackline.slack.HttpServer;
import dev.slackline.slack.HttpSettings;
import dev.slackline.slack.SlackIntake;
import dev.slackline.slack.SlackSettings;
import dev.slackline.slack.api.SlackApi;
import dev.slackline.slack.api.SlackApiSettings;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Slack's events come in here, and agents get them, with Slack's tools to answer. */
final class AgentServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Queue queue;
    private final SlackApi api;
    private final SlackTools tools;
    private final Inbox inbox;
    private final Offer offer;
    private final McpDoor door;
    private final HttpServer http;

    AgentServer(Map<String, String> env) {
        queue = Queue.fromEnv(env);
        api = SlackApi.open(SlackApiSettings.from(Settings.parse(env, SlackApiSettings.ALL)));
        tools = SlackTools.open(api, SlackToolsSettings.from(Env.of(env)));
        ResourceUpdates updates = new ResourceUpdates();
        inbox = Inbox.open(queue, InboxSettings.from(Settings.parse(env, InboxSettings.ALL)), updates);
        offer = new Offer(
                inbox.catalog().and(tools.catalog(Policy.EVERYTHING, call -> {})), updates, "1.0", "Answer who asks.");
        door = new McpDoor(offer, new McpSettings(List.of(), List.of(), List.of(), 1 << 20, 0), PATIENCE);
        SlackSettings slack = SlackSettings.from(Settings.parse(env, SlackSettings.ALL));
        http = HttpServer.start(
                new HttpSettings("127.0.0.1", 0, 100, PATIENCE, PATIENCE),
                List.of(new SlackIntake(queue, slack, (answer, took) -> {}, InstantSource.system()), door));
    }

    /** What agents are offered. */
    Offer offer() {
        return offer;
    }

    /** Where Slack's events come in. */
    URI events() {
        return uri("/slack/events");
    }

    /** Where agents come in. */
    URI mcp() {
        return uri(McpDoor.PATH);
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + http.port() + path);
    }

    @Override
    public void close() {
        door.close();
        http.close();
        inbox.close();
        tools.close();
        api.close();
        queue.close();
    }
}
