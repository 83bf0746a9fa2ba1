package dev.slackline.mcp.modern;

import dev.slackline.mcp.Peer;
import dev.slackline.mcp.Question;
import dev.slackline.mcp.protocol.Message;
import dev.slackline.mcp.protocol.Outlet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The client of one request, on the stream of its answer. Thread-safe. */
final class OutletPeer implements Peer {

    private final RequestMeta meta;
    private final Outlet outlet;
    private final Map<String, Map<String, Object>> answers = new LinkedHashMap<>();
    private final String state;

    /** A peer with the answers that the request brings; what is no answer is left out, and asked for again. */
    OutletPeer(Message request, RequestMeta meta, String state, Outlet outlet) {
        this.meta = meta;
        this.outlet = outlet;
        this.state = state;
        Map<String, Object> given = Message.map(request.params().get("inputResponses"));
        if (given != null) {
            given.forEach((id, answer) -> {
                Map<String, Object> fields = Message.map(answer);
                if (fields != null) {
                    answers.put(id, fields);
                }
            });
        }
    }

    @Override
    public void progress(double done, double total, String message) {
        Object token = meta.progressToken();
        if (token != null) {
            Map<String, Object> params = new LinkedHashMap<>();
            params.put("progressToken", token);
            params.put("progress", done);
            if (total > 0) {
                params.put("total", total);
            }
            if (!message.isEmpty()) {
                params.put("message", message);
            }
            outlet.send(Message.notification("notifications/progress", params));
        }
    }

    @Override
    public void log(LogLevel level, String logger, String text) {
        LogLevel wanted = meta.logLevel();
        if (wanted != null && level.compareTo(wanted) >= 0) {
            Map<String, Object> params =
                    Map.of("level", level.name().toLowerCase(Locale.ROOT), "logger", logger, "data", text);
            outlet.send(Message.notification("notifications/message", params));
        }
    }

    @Override
    public Map<String, Map<String, Object>> answers() {
        return answers;
    }

    @Override
    public String state() {
        return state;
    }

    @Override
    public boolean can(Question.Kind kind) {
        return meta.capabilities().containsKey(kind.capability());
    }

    @Override
    public CompletionStage<Void> gone() {
        return outlet.gone();
    }
}
