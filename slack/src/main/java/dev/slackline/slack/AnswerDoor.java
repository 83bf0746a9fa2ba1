package dev.slackline.slack;

import dev.slackline.queue.Payload;
import dev.slackline.queue.SerializationException;
import dev.slackline.slack.answer.AnswerDesk;
import dev.slackline.slack.answer.AnswerOutcome;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Where handlers of other processes answer: {@code POST /slack/answers} with the message's token as bearer, and
 * {@code {"id", "key", "group", "answer"}}; without an answer the group passes. 200 when it was taken or noted, 410 when it
 * came too late, 401 when the token is not of this message and this process. Thread-safe.
 */
public final class AnswerDoor extends Handler.Abstract.NonBlocking {

    private static final String BEARER = "Bearer ";

    private final AnswerDesk desk;
    private final int maxBody;

    /** A door to a desk that reads answers of so many bytes at most. */
    public AnswerDoor(AnswerDesk desk, int maxBody) {
        this.desk = desk;
        this.maxBody = maxBody;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!Request.getPathInContext(request).equals(AnswerDesk.PATH)) {
            return false;
        }
        if (!request.getMethod().equals("POST")) {
            response.getHeaders().put(HttpHeader.ALLOW, "POST");
            say(response, callback, 405, "only POST is answered here");
            return true;
        }
        String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        new BodyReader(request, maxBody, new BodyReader.Outcome() {
                    @Override
                    public void read(byte[] body) {
                        take(authorization, body, response, callback);
                    }

                    @Override
                    public void tooLarge() {
                        say(response, callback, 413, "the answer is larger than " + maxBody + " bytes");
                    }

                    @Override
                    public void incomplete(Throwable cause) {
                        response.getHeaders().put(HttpHeader.CONNECTION, "close");
                        say(response, callback, 400, "the answer did not arrive whole");
                    }
                })
                .start();
        return true;
    }

    private void take(@Nullable String authorization, byte[] body, Response response, Callback callback) {
        if (authorization == null || !authorization.startsWith(BEARER)) {
            say(response, callback, 401, "the message's token is missing");
            return;
        }
        Map<String, Object> fields;
        try {
            fields = Payload.parse(body).asMap();
        } catch (SerializationException e) {
            say(response, callback, 400, "the answer is no JSON object");
            return;
        }
        if (!(fields.get("id") instanceof String id)
                || !(fields.get("key") instanceof String key)
                || !(fields.get("group") instanceof String group)) {
            say(response, callback, 400, "id, key and group of the message are needed");
            return;
        }
        Optional<Payload> answer = Optional.empty();
        if (fields.get("answer") instanceof Map<?, ?> given) {
            Map<String, Object> object = new LinkedHashMap<>();
            given.forEach((name, value) -> object.put(String.valueOf(name), value));
            answer = Optional.of(Payload.of(object));
        }
        try {
            AnswerOutcome outcome = desk.answer(authorization.substring(BEARER.length()), id, key, group, answer);
            boolean late = outcome == AnswerOutcome.TOO_LATE;
            say(response, callback, late ? 410 : 200, late ? "too late: Slack has its acknowledgement" : "");
        } catch (IllegalArgumentException e) {
            say(response, callback, 401, "the token is not of this message and this process");
        }
    }

    private static void say(Response response, Callback callback, int status, String text) {
        response.setStatus(status);
        if (!text.isEmpty()) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
        }
        response.write(true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), callback);
    }
}
