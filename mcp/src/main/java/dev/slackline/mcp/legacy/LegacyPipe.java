package dev.slackline.mcp.legacy;

import dev.slackline.mcp.Caller;
import dev.slackline.mcp.protocol.Message;
import dev.slackline.mcp.protocol.Methods;
import dev.slackline.mcp.protocol.Offer;
import dev.slackline.mcp.protocol.Outlet;
import dev.slackline.mcp.protocol.RpcException;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransport;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** The one session of a pipe, stdio. Used by the one thread that reads the pipe. */
public final class LegacyPipe implements AutoCloseable {

    private static final String ID = "stdio";
    private static final String INITIALIZED = "notifications/initialized";

    private final Legacy legacy;
    private final McpServerSession session;
    private boolean opened;
    private boolean ready;

    /** A session that writes its messages here, from any thread. */
    public LegacyPipe(Offer offer, Methods methods, Consumer<Object> out) {
        legacy = new Legacy(offer, methods);
        session = new McpServerSession(
                ID,
                Legacy.ANSWER_LIMIT,
                new PipeTransport(out),
                legacy::initialize,
                legacy.requests(),
                legacy.notifications());
        legacy.opened(ID, session);
    }

    /** Takes a message; the outlet's part is only to end when the answer is written, and to say when nobody wants it. */
    public void take(Message message, Outlet outlet) {
        if (message.isRequest()) {
            request(message, outlet);
        } else if (message.isResponse()) {
            run(LegacySessions.response(message), outlet);
        } else if (legacy.notifications().containsKey(message.method())) {
            ready |= message.method().equals(INITIALIZED);
            run(new McpSchema.JSONRPCNotification("2.0", message.method(), message.params()), outlet);
        } else {
            outlet.end();
        }
    }

    private void request(Message message, Outlet outlet) {
        boolean opens = message.method().equals("initialize");
        if (opens) {
            try {
                Legacy.opening(message);
            } catch (RpcException e) {
                outlet.end(message.error(e));
                return;
            }
            opened = true;
        } else if (!opened) {
            outlet.end(message.error(new RpcException(RpcException.INVALID_REQUEST, "initialize comes first")));
            return;
        } else if (!ready) { // the SDK would keep the request until the client says so
            ready = true;
            run(new McpSchema.JSONRPCNotification(INITIALIZED), outlet);
        }
        run(new McpSchema.JSONRPCRequest("2.0", message.method(), message.id(), message.params()), outlet);
    }

    @Override
    public void close() {
        legacy.closed(ID);
        session.closeGracefully().subscribe(nothing -> {}, alreadyClosed -> {});
    }

    private void run(McpSchema.JSONRPCMessage message, Outlet outlet) {
        McpTransportContext context = Legacy.context(Caller.LOCAL, session, outlet.gone());
        session.handle(message)
                .contextWrite(reactor -> reactor.put(McpTransportContext.KEY, context))
                .doFinally(signal -> {
                    if (!(message instanceof McpSchema.JSONRPCNotification)) {
                        outlet.end();
                    }
                })
                .subscribe(nothing -> {}, answeredAlready -> {});
    }

    /** Writes as it comes. */
    private record PipeTransport(Consumer<Object> out) implements McpServerTransport {

        @Override
        public Mono<Void> sendMessage(McpSchema.JSONRPCMessage message) {
            return Mono.fromRunnable(() -> out.accept(message));
        }

        @Override
        public Mono<Void> closeGracefully() {
            return Mono.empty();
        }

        @Override
        public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
            return Legacy.MAPPER.convertValue(data, type);
        }
    }
}
