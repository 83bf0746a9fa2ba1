package dev.slackline.mcp.slack;

import dev.slackline.slack.api.SlackApi;
import dev.slackline.slack.api.SlackTokens.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What one call of a tool works with: the one workspace, its names, and what to say when something goes wrong. Thread-safe.
 *
 * @param patience how long the agent is let wait
 * @param since when it called, by {@link System#nanoTime()}
 */
record Slack(
        SlackApi api,
        SlackToolsSettings settings,
        Directory directory,
        Failures failures,
        Duration patience,
        long since) {

    /** For a call that came at some time. */
    Slack since(long when) {
        return new Slack(api, settings, directory, failures, patience, when);
    }

    /** For how long the agent still waits; negative if no longer. */
    Duration remaining() {
        return patience.minusNanos(System.nanoTime() - since);
    }

    /** For how long something may still be sent: not so late that the agent is told before how it ended. */
    private Duration left() {
        return remaining().minus(patience.dividedBy(10));
    }

    CompletableFuture<Map<String, Object>> call(String method, Map<String, ?> arguments) {
        return api.call(settings.team(), method, arguments, left());
    }

    /** In the name of the person who installed the app. */
    CompletableFuture<Map<String, Object>> callAsUser(String method, Map<String, ?> arguments) {
        return api.call(settings.team(), Kind.USER, method, arguments, left());
    }

    CompletableFuture<Map<String, Object>> nothing() {
        return CompletableFuture.completedFuture(Map.of());
    }

    /** With the ids of the users that are named in the arguments. */
    CompletableFuture<Given> withUsers(Given given, List<Field> fields) {
        CompletableFuture<Given> known = CompletableFuture.completedFuture(given);
        for (Field field : fields) {
            if (field.isUser() && given.has(field.name())) {
                known = known.thenCompose(before -> before.values().get(field.name()) instanceof String one
                        ? directory.user(one).thenApply(id -> before.with(field.name(), id))
                        : directory.users(before.texts(field.name())).thenApply(ids -> before.with(field.name(), ids)));
            }
        }
        return known;
    }

    /** The list of an answer under a name. */
    static List<Map<String, Object>> list(Map<?, ?> answer, String name) {
        List<Map<String, Object>> list = new ArrayList<>();
        if (answer.get(name) instanceof List<?> found) {
            for (Object each : found) {
                if (each instanceof Map<?, ?> map) {
                    list.add(copy(map));
                }
            }
        }
        return list;
    }

    /** The object of an answer under a name, empty if there is none. */
    static Map<String, Object> object(Map<?, ?> answer, String name) {
        return answer.get(name) instanceof Map<?, ?> map ? copy(map) : Map.of();
    }

    static String text(Map<?, ?> object, String name) {
        return object.get(name) instanceof String text ? text : "";
    }

    private static Map<String, Object> copy(Map<?, ?> map) {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((name, value) -> {
            if (value != null) {
                copy.put(String.valueOf(name), value);
            }
        });
        return copy;
    }
}
