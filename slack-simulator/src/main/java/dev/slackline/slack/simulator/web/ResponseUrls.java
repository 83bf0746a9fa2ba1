package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Channel;
import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.state.User;
import dev.slackline.slack.simulator.state.Workspace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The addresses to answer a command or an interaction at: five times each, for thirty minutes. Thread-safe. */
public final class ResponseUrls extends Handler.Abstract {

    private static final String PREFIX = "/response/";
    private static final int USES = 5;
    private static final Duration LIFETIME = Duration.ofMinutes(30);

    private static final class Target {
        private final Workspace workspace;
        private final Channel channel;
        private final User user;
        private final @Nullable String messageTs;
        private final Instant end;
        private int uses;

        Target(Workspace workspace, Channel channel, User user, @Nullable String messageTs, Instant end) {
            this.workspace = workspace;
            this.channel = channel;
            this.user = user;
            this.messageTs = messageTs;
            this.end = end;
        }
    }

    private final Map<String, Target> targets = new ConcurrentHashMap<>();
    private final InstantSource clock;

    /** Takes the time from a clock. */
    public ResponseUrls(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * The path of a new one.
     *
     * @param messageTs the message it comes from; null if it comes from none
     */
    public String issue(Workspace workspace, Channel channel, User user, @Nullable String messageTs) {
        String secret = UUID.randomUUID().toString();
        targets.put(
                secret,
                new Target(workspace, channel, user, messageTs, clock.instant().plus(LIFETIME)));
        return PREFIX + workspace.id() + "/" + secret;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws IOException {
        String path = Request.getPathInContext(request);
        if (!path.startsWith(PREFIX)) {
            return false;
        }
        String body = Content.Source.asString(request, StandardCharsets.UTF_8);
        String refused = answer(path.substring(path.lastIndexOf('/') + 1), body);
        ObjectNode json = refused.isEmpty() ? Call.ok() : new SlackError(refused).answer();
        response.setStatus(refused.isEmpty() ? 200 : 404);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json; charset=utf-8");
        String text = refused.isEmpty() ? "ok" : Json.text(json);
        response.write(true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), callback);
        return true;
    }

    private String answer(String secret, String body) {
        Target target = targets.get(secret);
        JsonNode parsed;
        try {
            parsed = Json.parse(body);
        } catch (JacksonException e) {
            return "invalid_payload";
        }
        if (target == null || !(parsed instanceof ObjectNode content)) {
            return target == null ? "no_such_url" : "invalid_payload";
        }
        synchronized (target.workspace) {
            if (target.end.isBefore(clock.instant())) {
                return "expired_url";
            }
            if (target.uses >= USES) {
                return "used_url";
            }
            target.uses++;
            apply(target.workspace, target.channel, target.user, target.messageTs, content);
            return "";
        }
    }

    /** Writes what an app answered: to the person alone, unless it says {@code in_channel}. */
    public static void apply(
            Workspace workspace, Channel channel, User user, @Nullable String messageTs, ObjectNode answer) {
        ObjectNode content = answer.deepCopy();
        boolean everybody = Json.text(content, "response_type").equals("in_channel");
        boolean replace = content.path("replace_original").asBoolean(false);
        boolean delete = content.path("delete_original").asBoolean(false);
        String thread = Json.textOrNull(content, "thread_ts");
        content.remove(java.util.List.of(
                "response_type", "replace_original", "delete_original", "thread_ts", "response_action"));
        ObjectNode original = messageTs == null ? null : channel.messages().get(messageTs);
        if (delete && original != null && messageTs != null) {
            channel.messages().remove(messageTs);
            workspace.changed();
        } else if (replace && original != null) {
            original.remove(java.util.List.of("blocks", "attachments"));
            original.setAll(content);
            workspace.changed();
        } else if (everybody) {
            workspace.post(channel, workspace.bot(), content, thread);
        } else {
            workspace.show(channel, workspace.bot(), user, content);
        }
    }
}
