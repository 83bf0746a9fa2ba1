package dev.slackline.mcp.slack;

import dev.slackline.mcp.Content;
import dev.slackline.mcp.Tool;
import dev.slackline.mcp.Tool.Effect;
import dev.slackline.mcp.ToolCall;
import dev.slackline.mcp.ToolResult;
import dev.slackline.mcp.access.RefusedException;
import dev.slackline.slack.api.SlackApiException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A tool as it is written down: what it takes, which method of Slack it calls or what else it does, and the shape of what
 * comes back. Immutable.
 */
record SlackTool(
        String name, Effect effect, String title, String description, List<Field> fields, Action action, Shape shape) {

    /** The name under which an action may answer a {@link Content} besides what the shape takes. */
    static final String CONTENT = "(content)";

    private static final JsonMapper JSON = JsonMapper.shared();

    /** Does what is more than one call; answers what the {@link Shape} is taken from. */
    @FunctionalInterface
    interface Action {

        CompletionStage<? extends Map<String, ?>> act(Given given, Slack slack);
    }

    static SlackTool named(String name, Effect effect, String title, String description) {
        return new SlackTool(
                name, effect, title, description, List.of(), (given, slack) -> slack.nothing(), Shape.of());
    }

    SlackTool takes(Field... taken) {
        return new SlackTool(name, effect, title, description, List.of(taken), action, shape);
    }

    /** Calls a method with all arguments under Slack's names, and these besides: a name and a value in turn. */
    SlackTool calls(String method, Object... constants) {
        return does((given, slack) -> {
            Map<String, Object> arguments = given.forSlack();
            for (int i = 0; i < constants.length; i += 2) {
                arguments.put((String) constants[i], constants[i + 1]);
            }
            return slack.call(method, arguments);
        });
    }

    SlackTool does(Action done) {
        return new SlackTool(name, effect, title, description, fields, done, shape);
    }

    /** What comes back, from Slack's answer; {@code given.NAME} is an argument. */
    SlackTool returns(Shape.Part... parts) {
        return new SlackTool(name, effect, title, description, fields, action, Shape.of(parts));
    }

    /** With pages of Slack's, of so many at most and so many unless said otherwise. */
    SlackTool paged(int max, int fallback) {
        return more(Fields.limit(max, fallback), Fields.CURSOR)
                .shaped(shape.and(Shape.text("next_cursor").from("response_metadata.next_cursor")));
    }

    /** With pages that Slack numbers, of so many at most and so many unless said otherwise. */
    SlackTool numbered(int max, int fallback) {
        return more(Fields.limit(max, fallback), Fields.CURSOR);
    }

    /** With a choice of how much comes back. */
    SlackTool formatted() {
        return more(Fields.FORMAT);
    }

    private SlackTool shaped(Shape changed) {
        return new SlackTool(name, effect, title, description, fields, action, changed);
    }

    private SlackTool more(Field... added) {
        List<Field> all = new ArrayList<>(fields);
        all.addAll(List.of(added));
        return takes(all.toArray(Field[]::new));
    }

    /** The tool itself. */
    Tool over(Slack slack) {
        return new Tool(
                name,
                title,
                description,
                input(),
                shape.schema(),
                effect,
                call -> call(call, slack.since(call.since())));
    }

    private Map<String, Object> input() {
        Map<String, Object> properties = new LinkedHashMap<>();
        fields.forEach(field -> properties.put(field.name(), field.schema()));
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        List<String> required =
                fields.stream().filter(Field::required).map(Field::name).toList();
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    private CompletionStage<ToolResult> call(ToolCall call, Slack slack) {
        slack.directory().book().open();
        return CompletableFuture.completedFuture(call)
                .thenApply(made -> Given.read(fields, made.arguments()))
                .thenCompose(given -> slack.withUsers(given, fields))
                .thenCompose(given -> action.act(given, slack).thenApply(answer -> result(given, answer)))
                .orTimeout(Math.max(1, slack.remaining().toMillis()), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(error -> CompletableFuture.completedFuture(failure(error, slack)));
    }

    private ToolResult result(Given given, Map<String, ?> answer) {
        Map<String, Object> source = new LinkedHashMap<>(answer);
        source.put("given", given.values());
        Map<String, Object> result = withoutEmptyCursor(shape.project(source, given.detailed()));
        List<Content> content = answer.get(CONTENT) instanceof Content more
                ? List.of(new Content.Text(JSON.writeValueAsString(result)), more)
                : List.of();
        return new ToolResult(content, result, false);
    }

    private static Map<String, Object> withoutEmptyCursor(Map<String, Object> result) {
        result.remove("next_cursor", "");
        return result;
    }

    private ToolResult failure(Throwable thrown, Slack slack) {
        Throwable error =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (error instanceof RefusedException refused) {
            return ToolResult.error(String.valueOf(refused.getMessage()));
        }
        if (error instanceof SlackApiException failed) {
            return ToolResult.error(slack.failures().advice(failed));
        }
        if (error instanceof TimeoutException) {
            return ToolResult.error("Slack's limits, or Slack itself, have kept this waiting for "
                    + slack.patience().toSeconds() + " s. "
                    + (effect == Effect.READS
                            ? "Nothing was changed: ask for less, or later."
                            : "What Slack was sent it may still do, and nothing more is sent: look whether it is done before"
                                    + " you do it again."));
        }
        throw new CompletionException(error);
    }
}
