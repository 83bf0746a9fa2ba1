package dev.slackline.mcp.slack;

import dev.slackline.mcp.Caller;
import dev.slackline.mcp.Content;
import dev.slackline.mcp.NoSuchResourceException;
import dev.slackline.mcp.Resource;
import dev.slackline.mcp.ResourceContents;
import dev.slackline.mcp.ResourceTemplate;
import dev.slackline.mcp.Tool;
import dev.slackline.mcp.ToolCall;
import dev.slackline.mcp.ToolResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Resources are what tools read: the same permissions hold, and the same audit hears of them. */
final class SlackResources {

    private static final String TYPE = "text/plain";
    private static final Pattern RECENT = Pattern.compile("slack://channel/([^/]+)/recent");
    private static final Pattern THREAD = Pattern.compile("slack://thread/([^/]+)/([0-9.]+)");

    private final List<Tool> guarded;

    /** Over tools that are guarded already. */
    SlackResources(List<Tool> guarded) {
        this.guarded = guarded;
    }

    List<Resource> resources() {
        List<Resource> resources = new ArrayList<>();
        add(
                resources,
                "channels",
                "Channels",
                "The channels of the workspace, the first 500.",
                "slack_list_channels",
                500);
        add(resources, "users", "People", "The people of the workspace, the first 500.", "slack_list_users", 500);
        add(resources, "emojis", "Emoji", "The workspace's own emoji, the first 1,000.", "slack_search_emoji", 1000);
        return resources;
    }

    List<ResourceTemplate> templates() {
        List<ResourceTemplate> templates = new ArrayList<>();
        find("slack_channel_history")
                .ifPresent(tool -> templates.add(new ResourceTemplate(
                        "slack://channel/{id}/recent",
                        "recent",
                        "Recent messages",
                        "The latest 50 messages of a channel.",
                        TYPE,
                        reader(tool, RECENT, match -> Map.of("channel", match.group(1), "limit", 50)))));
        find("slack_thread")
                .ifPresent(tool -> templates.add(new ResourceTemplate(
                        "slack://thread/{channel}/{ts}",
                        "thread",
                        "Thread",
                        "A message and the first 200 replies to it.",
                        TYPE,
                        reader(
                                tool,
                                THREAD,
                                match -> Map.of(
                                        "channel", match.group(1), "thread_ts", match.group(2), "limit", 200)))));
        return templates;
    }

    private void add(List<Resource> to, String name, String title, String description, String tool, int limit) {
        String uri = "slack://" + name;
        find(tool)
                .ifPresent(found -> to.add(new Resource(
                        uri,
                        name,
                        title,
                        description,
                        TYPE,
                        reader(found, Pattern.compile(Pattern.quote(uri)), match -> Map.of("limit", limit)))));
    }

    private Optional<Tool> find(String name) {
        return guarded.stream().filter(tool -> tool.name().equals(name)).findFirst();
    }

    private static Resource.Reader reader(Tool tool, Pattern form, Function<Matcher, Map<String, Object>> arguments) {
        return (uri, caller) -> {
            Matcher match = form.matcher(uri);
            if (!match.matches()) {
                throw new NoSuchResourceException(
                        "There is no such resource; slack://channel/C0123ABCD/recent is one.");
            }
            return read(tool, uri, new LinkedHashMap<>(arguments.apply(match)), caller);
        };
    }

    private static CompletionStage<ResourceContents> read(
            Tool tool, String uri, Map<String, Object> arguments, Caller caller) {
        return tool.action().call(new ToolCall(arguments, caller)).thenApply(result -> {
            if (result.isError()) {
                throw new NoSuchResourceException(text(result));
            }
            return new ResourceContents(uri, TYPE, text(result), false);
        });
    }

    private static String text(ToolResult result) {
        return result.content().stream()
                .map(content -> content instanceof Content.Text text ? text.text() : "")
                .collect(Collectors.joining("\n"));
    }
}
