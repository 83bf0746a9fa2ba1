package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The Web API over HTTP: {@code /api/METHOD}, called with a form or with JSON. */
public final class ApiHandler extends Handler.Abstract {

    private static final String PREFIX = "/api/";
    private static final String BEARER = "Bearer ";
    private static final String BASIC = "Basic ";
    private static final int OK = 200;
    private static final int TOO_MANY = 429;

    private final WebApi api;
    private final ApiFaults faults;
    private final Calls calls;
    private final InstantSource clock;
    private final ScheduledExecutorService timer;

    /** Answers through {@code api}, goes wrong as {@code faults} say, and notes everything in {@code calls}. */
    public ApiHandler(WebApi api, ApiFaults faults, Calls calls, InstantSource clock, ScheduledExecutorService timer) {
        this.api = api;
        this.faults = faults;
        this.calls = calls;
        this.clock = clock;
        this.timer = timer;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws IOException {
        String path = Request.getPathInContext(request);
        if (!path.startsWith(PREFIX)) {
            return false;
        }
        String method = path.substring(PREFIX.length());
        ApiFault fault = faults.take(method);
        Exchange exchange = new Exchange(request, response, callback, method, RequestFields.of(request));
        if (fault == null) {
            exchange.answer(exchange.work());
        } else {
            timer.schedule(() -> exchange.fail(fault), fault.delay().toMillis(), TimeUnit.MILLISECONDS);
        }
        return true;
    }

    /** One call on its way. */
    private final class Exchange {

        private final Request request;
        private final Response response;
        private final Callback callback;
        private final String method;
        private final ObjectNode arguments;
        private final @Nullable String header;
        private final @Nullable String token;

        Exchange(Request request, Response response, Callback callback, String method, ObjectNode arguments) {
            this.request = request;
            this.response = response;
            this.callback = callback;
            this.method = method;
            this.arguments = arguments;
            this.header = bearer(request);
            String given = Json.textOrNull(arguments, "token");
            this.token = header == null ? given : header;
            arguments.remove("token");
            addClient(request);
        }

        /** The id and secret of an app may stand in the header. */
        private void addClient(Request from) {
            String value = from.getHeaders().get(HttpHeader.AUTHORIZATION);
            if (value != null && value.startsWith(BASIC)) {
                byte[] decoded = Base64.getDecoder()
                        .decode(value.substring(BASIC.length()).strip());
                String[] parts = new String(decoded, StandardCharsets.UTF_8).split(":", 2);
                if (parts.length == 2) {
                    arguments.put("client_id", parts[0]).put("client_secret", parts[1]);
                }
            }
        }

        WebApi.Answer work() {
            return api.call(method, header, token, new Arguments(arguments));
        }

        void answer(WebApi.Answer answer) {
            boolean early = !answer.retryAfter().isZero();
            write(early ? TOO_MANY : OK, answer.retryAfter(), answer.json());
        }

        void fail(ApiFault fault) {
            WebApi.Answer answer = fault.afterwards() ? work() : null;
            if (fault.status() == 0) {
                note(0, Json.object());
                EndPoint connection =
                        request.getConnectionMetaData().getConnection().getEndPoint();
                connection.close();
                callback.failed(new IOException("cut off, as was asked for"));
            } else if (fault.status() == OK && answer != null) {
                answer(answer);
            } else {
                ObjectNode json = fault.error().isEmpty() ? Json.object() : new SlackError(fault.error()).answer();
                write(fault.status(), fault.retryAfter(), json);
            }
        }

        private void write(int status, Duration retryAfter, ObjectNode json) {
            note(status, json);
            response.setStatus(status);
            if (!retryAfter.isZero()) {
                long seconds = Math.max(1, retryAfter.plusMillis(999).toSeconds());
                response.getHeaders().put(new HttpField(HttpHeader.RETRY_AFTER, Long.toString(seconds)));
            }
            String scopes = api.scopes(token);
            if (!scopes.isEmpty()) {
                response.getHeaders().put("x-oauth-scopes", scopes);
            }
            boolean html = json.isEmpty();
            response.getHeaders()
                    .put(HttpHeader.CONTENT_TYPE, html ? "text/html;charset=utf-8" : "application/json; charset=utf-8");
            String body = html ? "<html><body>Server Error</body></html>" : Json.text(json);
            response.write(true, ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), callback);
        }

        private void note(int status, ObjectNode answer) {
            calls.add(new ApiCall(method, api.team(token), arguments, status, answer, clock.instant()));
        }

        private @Nullable String bearer(Request request) {
            String value = request.getHeaders().get(HttpHeader.AUTHORIZATION);
            return value != null && value.regionMatches(true, 0, BEARER, 0, BEARER.length())
                    ? value.substring(BEARER.length()).strip()
                    : null;
        }
    }
}
