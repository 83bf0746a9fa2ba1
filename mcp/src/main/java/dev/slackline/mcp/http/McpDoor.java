package dev.slackline.mcp.http;

import dev.slackline.mcp.Caller;
import dev.slackline.mcp.legacy.LegacySessions;
import dev.slackline.mcp.modern.Headers;
import dev.slackline.mcp.modern.Modern;
import dev.slackline.mcp.protocol.Message;
import dev.slackline.mcp.protocol.Methods;
import dev.slackline.mcp.protocol.Offer;
import dev.slackline.mcp.protocol.RpcException;
import dev.slackline.slack.BodyReader;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /mcp}: the MCP server over streamable HTTP, for every version of the protocol. No thread waits for a tool or for
 * a client. Thread-safe.
 */
public final class McpDoor extends Handler.Abstract.NonBlocking implements AutoCloseable {

    /** Where it is. */
    public static final String PATH = "/mcp";

    private static final Logger log = LoggerFactory.getLogger(McpDoor.class);
    private static final String METHODS = "POST, GET, DELETE";
    private static final Duration SWEEP = Duration.ofMinutes(1);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

    private final McpSettings settings;
    private final Guard guard;
    private final Methods methods;
    private final Modern modern;
    private final LegacySessions sessions;
    private final Set<HttpReply> open = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer;

    /**
     * A door to what a server offers.
     *
     * @param idleTimeout after how long without traffic the server closes a connection
     */
    public McpDoor(Offer offer, McpSettings settings, Duration idleTimeout) {
        this(offer, settings, idleTimeout, InstantSource.system());
    }

    /** {@link #McpDoor(Offer, McpSettings, Duration)} for those who set the clock by which access tokens run out. */
    McpDoor(Offer offer, McpSettings settings, Duration idleTimeout, InstantSource clock) {
        this.methods = new Methods(offer.catalog());
        this.settings = settings;
        this.guard = new Guard(settings, clock);
        this.modern = new Modern(offer, methods);
        this.sessions = new LegacySessions(offer, methods);
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "slackline-mcp-timer");
            thread.setDaemon(true);
            return thread;
        });
        long silence = Math.min(LONGEST_SILENCE.toMillis(), Math.max(20, idleTimeout.toMillis() / 3));
        timer.scheduleWithFixedDelay(this::keepAlive, silence, silence, TimeUnit.MILLISECONDS);
        timer.scheduleWithFixedDelay(sessions::sweep, SWEEP.toMillis(), SWEEP.toMillis(), TimeUnit.MILLISECONDS);
        timer.execute(new Rehearsal(offer, methods)::run);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String path = Request.getPathInContext(request);
        if (guard.resource().filter(resource -> resource.isDescribedAt(path)).isPresent()) {
            describe(request, response, callback);
            return true;
        }
        if (!path.equals(PATH)) {
            return false;
        }
        HttpReply reply = new HttpReply(response, callback, takesStream(request));
        if (welcomesPage(request, response) && request.getMethod().equals("OPTIONS")) {
            reply.end(); // a browser asks before it sends the token
            return true;
        }
        guard.decide(request).whenComplete((decision, error) -> {
            if (error == null) {
                decided(request, response, decision, reply);
            } else {
                log.error("whether a request may come in is not known", error);
                refuse(request, response, reply, new Guard.Refusal(500, "this failed inside the server"));
            }
        });
        return true;
    }

    /** For everybody, pages included: this is how a client finds out where to get a token. */
    private void describe(Request request, Response response, Callback callback) {
        HttpReply reply = new HttpReply(response, callback, false);
        response.getHeaders().put("Access-Control-Allow-Origin", "*");
        response.getHeaders().put("Access-Control-Allow-Headers", "*"); // clients send MCP-Protocol-Version with it
        switch (request.getMethod()) {
            case "GET", "HEAD" -> reply.end(200, guard.resource().orElseThrow().metadata());
            case "OPTIONS" -> reply.end();
            default ->
                refuse(
                        request,
                        response,
                        reply,
                        new Guard.Refusal(405, "GET tells it", new HttpField(HttpHeader.ALLOW, "GET, HEAD")));
        }
    }

    private void decided(Request request, Response response, Guard.Decision decision, HttpReply reply) {
        Guard.Refusal refusal = decision.refusal();
        if (refusal != null) {
            refuse(request, response, reply, refusal);
        } else if (decision.caller() != null) {
            serve(request, response, decision, decision.caller(), reply);
        }
    }

    /** Ends every stream, so that the server need not wait for them. */
    @Override
    public void close() {
        timer.shutdownNow();
        modern.close();
        sessions.close();
        open.forEach(HttpReply::end);
    }

    /** Lets the browser show an answer to a page whose origin is named in the settings. */
    private boolean welcomesPage(Request request, Response response) {
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        if (origin == null || !guard.isNamed(origin)) {
            return false;
        }
        response.getHeaders().put("Access-Control-Allow-Origin", origin);
        response.getHeaders().put("Access-Control-Allow-Methods", METHODS);
        response.getHeaders()
                .put(
                        "Access-Control-Allow-Headers",
                        "Authorization, Content-Type, Mcp-Session-Id, MCP-Protocol-Version, Mcp-Method, Mcp-Name");
        response.getHeaders().put("Access-Control-Expose-Headers", LegacySessions.SESSION + ", WWW-Authenticate");
        response.getHeaders().put(HttpHeader.VARY, "Origin");
        return true;
    }

    private void serve(Request request, Response response, Guard.Decision decision, Caller caller, HttpReply reply) {
        String session = request.getHeaders().get(LegacySessions.SESSION);
        switch (request.getMethod()) {
            case "POST" -> post(request, response, decision, caller, reply);
            case "GET" -> {
                if (takesStream(request) && session != null) {
                    watched(reply);
                    sessions.listen(session, caller, reply);
                    reply.stream();
                } else {
                    refuse(
                            request,
                            response,
                            reply,
                            new Guard.Refusal(
                                    405,
                                    "GET opens the stream of a session",
                                    new HttpField(HttpHeader.ALLOW, METHODS)));
                }
            }
            case "DELETE" -> sessions.delete(session, caller, reply);
            default ->
                refuse(
                        request,
                        response,
                        reply,
                        new Guard.Refusal(
                                405, "POST is what is answered here", new HttpField(HttpHeader.ALLOW, METHODS)));
        }
    }

    private void post(Request request, Response response, Guard.Decision decision, Caller caller, HttpReply reply) {
        new BodyReader(request, settings.maxBody(), new BodyReader.Outcome() {
                    @Override
                    public void read(byte[] body) {
                        Message message = parse(body, reply);
                        Guard.Refusal beyond = decision.beyond();
                        if (message != null && beyond != null && !methods.permit(message, caller)) {
                            refuse(request, response, reply, beyond);
                        } else if (message != null) {
                            take(request, message, caller, reply);
                        }
                    }

                    @Override
                    public void tooLarge() {
                        reply.end(413, error("the request is larger than " + settings.maxBody() + " bytes"));
                    }

                    @Override
                    public void incomplete(Throwable cause) {
                        reply.header("Connection", "close");
                        reply.end(400, error("the request did not arrive whole"));
                    }
                })
                .start();
    }

    private static @Nullable Message parse(byte[] body, HttpReply reply) {
        try {
            return Message.parse(body);
        } catch (RpcException e) {
            reply.end(400, Message.errorWithoutId(e));
            return null;
        }
    }

    private void take(Request request, Message message, Caller caller, HttpReply reply) {
        watched(reply);
        try {
            route(request, message, caller, reply);
        } catch (RuntimeException e) {
            log.error("a request failed inside", e);
            RpcException error = new RpcException(RpcException.INTERNAL_ERROR, "this failed inside the server");
            reply.end(200, message.isRequest() ? message.error(error) : Message.errorWithoutId(error));
        }
    }

    private void route(Request request, Message message, Caller caller, HttpReply reply) {
        String version = request.getHeaders().get(Headers.VERSION);
        if (!Modern.speaks(message, version, LegacySessions::speak)) {
            sessions.post(message, request.getHeaders().get(LegacySessions.SESSION), caller, reply);
        } else if (message.isRequest()) {
            modern.answer(message, name -> request.getHeaders().get(name), caller, reply);
        } else {
            reply.end(); // this version has nothing for a client to say without asking
        }
    }

    private void watched(HttpReply reply) {
        open.add(reply);
        reply.over().thenRun(() -> open.remove(reply));
    }

    private void keepAlive() {
        open.forEach(HttpReply::keepAlive);
    }

    private static void refuse(Request request, Response response, HttpReply reply, Guard.Refusal refusal) {
        if (!request.consumeAvailable()) { // the rest may still come, and is no next request
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        HttpField header = refusal.header();
        if (header != null) {
            response.getHeaders().put(header);
        }
        reply.end(refusal.status(), error(refusal.reason()));
    }

    private static Object error(String reason) {
        return Message.errorWithoutId(new RpcException(RpcException.INVALID_REQUEST, reason));
    }

    private static boolean takesStream(Request request) {
        String accept = request.getHeaders().get(HttpHeader.ACCEPT);
        return accept != null && (accept.contains("text/event-stream") || accept.contains("*/*"));
    }

    /** How many sessions there are. */
    int sessions() {
        return sessions.count();
    }

    /** How many answers are being written. */
    int open() {
        return open.size();
    }
}
