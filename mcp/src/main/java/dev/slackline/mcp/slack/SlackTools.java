package dev.slackline.mcp.slack;

import dev.slackline.mcp.Catalog;
import dev.slackline.mcp.Tool;
import dev.slackline.mcp.access.Audit;
import dev.slackline.mcp.access.Conversations;
import dev.slackline.mcp.access.Guard;
import dev.slackline.mcp.access.Policy;
import dev.slackline.slack.api.SlackApi;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Slack for agents: tools, resources and prompts over one workspace, kept to a {@link Policy}. Thread-safe. Nothing is
 * called when it is opened: names are read in the background from the first call of a tool on, and closing ends that.
 */
public final class SlackTools implements AutoCloseable {

    /** Clients give up after a minute, and then nobody knows why. */
    private static final Duration PATIENCE = Duration.ofSeconds(50);

    private final SlackApi api;
    private final SlackToolsSettings settings;
    private final Duration patience;
    private final NameBook names;

    private SlackTools(SlackApi api, SlackToolsSettings settings, Duration patience) {
        this.patience = patience;
        this.api = api;
        this.settings = settings;
        this.names = new NameBook((method, arguments) -> api.call(settings.team(), method, arguments), settings);
    }

    /** Opens them over a client, which stays the caller's to close. */
    public static SlackTools open(SlackApi api, SlackToolsSettings settings) {
        return open(api, settings, PATIENCE);
    }

    /** {@link #open(SlackApi, SlackToolsSettings)} with calls that end after another time. */
    static SlackTools open(SlackApi api, SlackToolsSettings settings, Duration patience) {
        return new SlackTools(api, settings, patience);
    }

    /**
     * What one kind of agent is offered. Any number may be made, one for each policy; they share the names.
     *
     * @param audit hears of every call
     */
    public Catalog catalog(Policy policy, Audit audit) {
        Set<String> offered = ConcurrentHashMap.newKeySet();
        Directory directory = new Directory(
                (method, arguments) -> api.call(settings.team(), method, arguments), names, policy.isByChannel());
        Slack slack = new Slack(api, settings, directory, new Failures(offered::contains), patience, System.nanoTime());
        Guard guard = new Guard(policy, directory, audit, tool -> tool.effect() == Tool.Effect.READS);
        List<Tool> tools =
                guard.tools(tools().stream().map(tool -> tool.over(slack)).toList());
        tools.forEach(tool -> offered.add(tool.name()));
        SlackResources readable = new SlackResources(tools);
        return new Catalog(tools, readable.resources(), readable.templates(), SlackPrompts.all());
    }

    /** Finds out which conversation something is about, for whoever else must keep to a policy. */
    public Conversations conversations() {
        return new Directory((method, arguments) -> api.call(settings.team(), method, arguments), names, true);
    }

    private List<SlackTool> tools() {
        return Stream.of(
                        MessageTools.all(settings.unfurl()),
                        ReadingTools.all(),
                        SearchTools.all(),
                        ChannelTools.all(),
                        ReadStateTools.all(),
                        UserTools.all(),
                        ReactionTools.all(),
                        FileTools.all(settings),
                        CanvasTools.all(),
                        ListTools.all(),
                        UserGroupTools.all(),
                        ShelfTools.all())
                .flatMap(List::stream)
                .toList();
    }

    /** Ends the reading of names and keeps those that are known; waits for a file to be written. */
    @Override
    public void close() {
        names.close();
    }
}
