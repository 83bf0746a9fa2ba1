package dev.slackline.mcp.legacy;

import dev.slackline.mcp.Caller;
import dev.slackline.mcp.protocol.Message;
import dev.slackline.mcp.protocol.Methods;
import dev.slackline.mcp.protocol.Offer;
import dev.slackline.mcp.protocol.Outlet;
import dev.slackline.mcp.protocol.RpcException;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.DefaultMcpStreamableServerSessionFactory;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.modelcontextprotocol.spec.McpStreamableServerSession.McpStreamableServerSessionInit;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The sessions of streamable HTTP. A session belongs to the caller that opened it, and is forgotten after an hour without
 * a request, or before that if there are too many: a client then opens another one. Thread-safe; blocks no thread.
 */
public final class LegacySessions implements AutoCloseable {

    /** The header that names the session. */
    public static final String SESSION = "Mcp-Session-Id";

    private static final Duration IDLE_LIMIT = Duration.ofHours(1);
    private static final int MAX_SESSIONS = 10_000;

    private final Legacy legacy;
    private final DefaultMcpStreamableServerSessionFactory factory;
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();

    /** One session, and when it was last used. */
    private static final class Session {
        final McpStreamableServerSession session;
        final Caller caller;
        volatile long used = System.nanoTime();

        Session(McpStreamableServerSession session, Caller caller) {
            this.session = session;
            this.caller = caller;
        }

        boolean isIdle(long now) {
            return now - used > IDLE_LIMIT.toNanos();
        }
    }

    /** Sessions over what a server offers. */
    public LegacySessions(Offer offer, Methods methods) {
        legacy = new Legacy(offer, methods);
        factory = new DefaultMcpStreamableServerSessionFactory(
                Legacy.ANSWER_LIMIT,
                legacy::initialize,
                legacy.requests(),
                legacy.notifications(),
                id -> Mono.fromRunnable(() -> legacy.closed(id)));
    }

    /** Whether the sessions know this version. */
    public static boolean speak(String version) {
        return Legacy.VERSIONS.contains(version);
    }

    /**
     * Takes a message.
     *
     * @param id the session that it names; null for none
     */
    public void post(Message message, @Nullable String id, Caller caller, Outlet outlet) {
        if (message.isRequest() && message.method().equals("initialize")) {
            initialize(message, caller, outlet);
            return;
        }
        Session session = find(message, id, caller, outlet);
        if (session == null) {
            return;
        }
        McpTransportContext context = Legacy.context(caller, session.session, outlet.gone());
        if (message.isRequest()) {
            McpSchema.JSONRPCRequest request =
                    new McpSchema.JSONRPCRequest("2.0", message.method(), message.id(), message.params());
            var stream = session.session.responseStream(new OutletTransport(outlet));
            outlet.gone().thenRun(stream::close);
            run(stream.handle(request), Legacy.context(caller, stream, outlet.gone()), message, outlet);
        } else if (message.isResponse()) {
            run(session.session.accept(response(message)), context, message, outlet);
        } else if (legacy.notifications().containsKey(message.method())) {
            run(
                    session.session.accept(
                            new McpSchema.JSONRPCNotification("2.0", message.method(), message.params())),
                    context,
                    message,
                    outlet);
        } else {
            outlet.end();
        }
    }

    /** Holds a stream open for what concerns no request in particular. */
    public void listen(@Nullable String id, Caller caller, Outlet outlet) {
        Session session = find(null, id, caller, outlet);
        if (session != null) {
            var stream = session.session.listeningStream(new OutletTransport(outlet));
            outlet.gone().thenRun(stream::close);
        }
    }

    /** Ends a session. */
    public void delete(@Nullable String id, Caller caller, Outlet outlet) {
        Session session = find(null, id, caller, outlet);
        if (session != null) {
            forget(session);
            outlet.end();
        }
    }

    /** Ends the sessions that nobody has used for an hour. */
    public void sweep() {
        long now = System.nanoTime();
        sessions.values().stream().filter(session -> session.isIdle(now)).forEach(this::forget);
    }

    /** How many there are. */
    public int count() {
        return sessions.size();
    }

    @Override
    public void close() {
        sessions.values().forEach(this::forget);
    }

    private void initialize(Message message, Caller caller, Outlet outlet) {
        McpSchema.InitializeRequest request;
        try {
            request = Legacy.opening(message);
        } catch (RpcException e) {
            outlet.end(400, message.error(e));
            return;
        }
        if (sessions.size() >= MAX_SESSIONS) {
            sessions.values().stream()
                    .min(Comparator.comparingLong(session -> session.used - System.nanoTime()))
                    .ifPresent(this::forget);
        }
        McpStreamableServerSessionInit opening = factory.startSession(request);
        String id = opening.session().getId();
        sessions.put(id, new Session(opening.session(), caller));
        legacy.opened(id, opening.session());
        outlet.header(SESSION, id);
        opening.initResult()
                .subscribe(
                        result -> outlet.end(McpSchema.JSONRPCResponse.result(message.id(), result)),
                        error -> outlet.end(message.error(failure())));
    }

    private @Nullable Session find(@Nullable Message message, @Nullable String id, Caller caller, Outlet outlet) {
        if (id == null) {
            refuse(400, "the header " + SESSION + " is needed; initialize gives it", message, outlet);
            return null;
        }
        Session session = sessions.get(id);
        if (session == null || !session.caller.equals(caller)) {
            refuse(404, "there is no such session; initialize opens one", message, outlet);
            return null;
        }
        session.used = System.nanoTime();
        return session;
    }

    private static void refuse(int status, String why, @Nullable Message message, Outlet outlet) {
        RpcException error = new RpcException(RpcException.INVALID_REQUEST, why);
        outlet.end(
                status, message != null && message.isRequest() ? message.error(error) : Message.errorWithoutId(error));
    }

    private void forget(Session session) {
        sessions.remove(session.session.getId());
        session.session.closeGracefully().subscribe(nothing -> {}, alreadyClosed -> {});
    }

    private static void run(Mono<Void> step, McpTransportContext context, Message message, Outlet outlet) {
        step.contextWrite(reactor -> reactor.put(McpTransportContext.KEY, context))
                .subscribe(
                        nothing -> {},
                        error -> {
                            if (message.isRequest()) {
                                outlet.end(message.error(failure()));
                            } else {
                                outlet.end(); // an answer to what nobody asks any more
                            }
                        },
                        outlet::end);
    }

    private static RpcException failure() {
        return new RpcException(RpcException.INTERNAL_ERROR, "this failed inside the server");
    }

    static McpSchema.JSONRPCResponse response(Message message) {
        Map<String, Object> error = Message.map(message.fields().get("error"));
        if (error == null) {
            return McpSchema.JSONRPCResponse.result(
                    message.id(), message.fields().get("result"));
        }
        int code = error.get("code") instanceof Integer number ? number : RpcException.INTERNAL_ERROR;
        return McpSchema.JSONRPCResponse.error(
                message.id(), new McpSchema.JSONRPCResponse.JSONRPCError(code, "the client refused"));
    }
}
