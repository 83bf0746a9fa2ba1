package dev.slackline.mcp.legacy;

import dev.slackline.mcp.Caller;
import dev.slackline.mcp.InputNeededException;
import dev.slackline.mcp.ResourceUpdates;
import dev.slackline.mcp.protocol.Message;
import dev.slackline.mcp.protocol.Methods;
import dev.slackline.mcp.protocol.Offer;
import dev.slackline.mcp.protocol.RpcException;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.server.McpNotificationHandler;
import io.modelcontextprotocol.server.McpRequestHandler;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpLoggableSession;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import io.modelcontextprotocol.spec.McpSession;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The handlers that the SDK's sessions call, and what belongs to each session. Thread-safe. */
final class Legacy {

    static final List<String> VERSIONS = List.of(
            ProtocolVersions.MCP_2024_11_05,
            ProtocolVersions.MCP_2025_03_26,
            ProtocolVersions.MCP_2025_06_18,
            ProtocolVersions.MCP_2025_11_25);

    static final McpJsonMapper MAPPER = new JacksonMcpJsonMapper(Message.JSON);
    /** How long a person or a model may take to answer a question. */
    static final Duration ANSWER_LIMIT = Duration.ofMinutes(5);

    private static final int MAX_ROUNDS = 10;
    private static final int MAX_SUBSCRIPTIONS = 1000;
    private static final String CALLER = "caller";
    private static final String CHANNEL = "channel";
    private static final String GONE = "gone";

    /** What belongs to one session. */
    private record State(McpLoggableSession session, Map<String, ResourceUpdates.Watch> watches) {}

    private final Offer offer;
    private final Methods methods;
    private final Map<String, State> states = new ConcurrentHashMap<>();

    Legacy(Offer offer, Methods methods) {
        this.offer = offer;
        this.methods = methods;
    }

    /**
     * What a request is given besides its parameters.
     *
     * @param channel where the client is asked
     */
    static McpTransportContext context(Caller caller, McpSession channel, CompletionStage<Void> gone) {
        return McpTransportContext.create(Map.of(CALLER, caller, CHANNEL, channel, GONE, gone));
    }

    void opened(String id, McpLoggableSession session) {
        states.put(id, new State(session, new ConcurrentHashMap<>()));
    }

    void closed(String id) {
        State state = states.remove(id);
        if (state != null) {
            state.watches.values().forEach(ResourceUpdates.Watch::close);
        }
    }

    /** What a session begins with. */
    static McpSchema.InitializeRequest opening(Message message) {
        Object version = message.params().get("protocolVersion");
        Object capabilities = message.params().get("capabilities");
        if (version instanceof String && Message.map(capabilities) != null) {
            try {
                return MAPPER.convertValue(message.params(), McpSchema.InitializeRequest.class);
            } catch (RuntimeException e) {
                // said below: whatever it is, it is not what the protocol has
            }
        }
        throw RpcException.invalid("initialize needs protocolVersion, capabilities and clientInfo");
    }

    /** The version that the client asks for, or the newest. */
    Mono<McpSchema.InitializeResult> initialize(McpSchema.InitializeRequest request) {
        String asked = request.protocolVersion();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("protocolVersion", VERSIONS.contains(asked) ? asked : ProtocolVersions.MCP_2025_11_25);
        result.put("capabilities", offer.capabilities());
        result.put("serverInfo", offer.info());
        if (!offer.instructions().isEmpty()) {
            result.put("instructions", offer.instructions());
        }
        return Mono.just(MAPPER.convertValue(result, McpSchema.InitializeResult.class));
    }

    Map<String, McpRequestHandler<?>> requests() {
        Map<String, McpRequestHandler<?>> handlers = new HashMap<>();
        for (String method : methods.names()) {
            handlers.put(
                    method,
                    (exchange, params) -> Mono.fromCompletionStage(
                            () -> presentable(answer(method, exchange, params(params), new ExchangePeer.Round()))));
        }
        handlers.put("ping", (exchange, params) -> Mono.just(Map.of()));
        handlers.put("logging/setLevel", (exchange, params) -> now(() -> setLevel(exchange, params(params))));
        handlers.put("resources/subscribe", (exchange, params) -> now(() -> subscribe(exchange, params(params))));
        handlers.put("resources/unsubscribe", (exchange, params) -> now(() -> unsubscribe(exchange, params(params))));
        return handlers;
    }

    /** Nothing is done with them; without a handler the SDK would log them whole. */
    Map<String, McpNotificationHandler> notifications() {
        Map<String, McpNotificationHandler> handlers = new HashMap<>();
        for (String method : List.of("initialized", "cancelled", "progress", "roots/list_changed")) {
            handlers.put("notifications/" + method, (exchange, params) -> Mono.empty());
        }
        return handlers;
    }

    /** As often as it takes: each round has the answers to the questions of the one before. */
    private CompletionStage<Map<String, Object>> answer(
            String method, McpAsyncServerExchange exchange, Map<String, Object> params, ExchangePeer.Round round) {
        ExchangePeer peer = new ExchangePeer(exchange, channel(exchange), params, round, gone(exchange));
        return methods.answer(method, params, caller(exchange), peer).exceptionallyCompose(thrown -> {
            if (!(cause(thrown) instanceof InputNeededException needed)) {
                return CompletableFuture.failedFuture(cause(thrown));
            }
            if (round.number() == MAX_ROUNDS) {
                return CompletableFuture.failedFuture(
                        new RpcException(RpcException.INTERNAL_ERROR, "this asked for more than it was answered"));
            }
            return peer.ask(needed).thenCompose(next -> answer(method, exchange, params, next));
        });
    }

    private Map<String, Object> setLevel(McpAsyncServerExchange exchange, Map<String, Object> params) {
        try {
            McpSchema.LoggingLevel level = McpSchema.LoggingLevel.valueOf(
                    String.valueOf(params.get("level")).toUpperCase(Locale.ROOT));
            State state = states.get(exchange.sessionId());
            if (state != null) {
                state.session.setMinLoggingLevel(level);
            }
            return Map.of();
        } catch (IllegalArgumentException e) {
            throw RpcException.invalid("there is no such level");
        }
    }

    private Map<String, Object> subscribe(McpAsyncServerExchange exchange, Map<String, Object> params) {
        String uri = uri(params);
        if (!methods.haveResource(uri)) {
            throw new RpcException(
                    RpcException.RESOURCE_NOT_FOUND, "there is no such resource; resources/list names them");
        }
        State state = states.get(exchange.sessionId());
        if (state != null) {
            if (state.watches.size() >= MAX_SUBSCRIPTIONS) {
                throw RpcException.invalid("a session subscribes to " + MAX_SUBSCRIPTIONS + " resources at most");
            }
            state.watches.computeIfAbsent(
                    uri, name -> offer.updates().watch(Set.of(name), changed -> push(state.session, changed)));
        }
        return Map.of();
    }

    private Map<String, Object> unsubscribe(McpAsyncServerExchange exchange, Map<String, Object> params) {
        String uri = uri(params);
        State state = states.get(exchange.sessionId());
        ResourceUpdates.Watch watch = state == null ? null : state.watches.remove(uri);
        if (watch != null) {
            watch.close();
        }
        return Map.of();
    }

    /** A client that does not listen now reads it anew when it comes back. */
    private static void push(McpLoggableSession session, String uri) {
        session.sendNotification("notifications/resources/updated", Map.of("uri", uri))
                .subscribe(nothing -> {}, notListening -> {});
    }

    private static String uri(Map<String, Object> params) {
        if (params.get("uri") instanceof String uri) {
            return uri;
        }
        throw RpcException.invalid("uri is needed, a string");
    }

    private static Mono<Object> now(Supplier<Map<String, Object>> step) {
        return Mono.<Object>fromSupplier(step).onErrorMap(Legacy::wire);
    }

    private static CompletionStage<Map<String, Object>> presentable(CompletionStage<Map<String, Object>> answer) {
        return answer.exceptionallyCompose(error -> CompletableFuture.failedFuture(wire(cause(error))));
    }

    /** What the SDK turns into an answer; it would send the message of any other exception. */
    private static McpError wire(Throwable error) {
        RpcException rpc = error instanceof RpcException known
                ? known
                : new RpcException(RpcException.INTERNAL_ERROR, "the client did not answer what it was asked");
        return new McpError(new JSONRPCError(rpc.code(), rpc.text(), rpc.data().isEmpty() ? null : rpc.data()));
    }

    private static Caller caller(McpAsyncServerExchange exchange) {
        return (Caller) exchange.transportContext().get(CALLER);
    }

    private static McpSession channel(McpAsyncServerExchange exchange) {
        return (McpSession) exchange.transportContext().get(CHANNEL);
    }

    @SuppressWarnings("unchecked") // context() put it there
    private static CompletionStage<Void> gone(McpAsyncServerExchange exchange) {
        return (CompletionStage<Void>) exchange.transportContext().get(GONE);
    }

    private static Map<String, Object> params(@Nullable Object params) {
        Map<String, Object> map = Message.map(params);
        return map == null ? Map.of() : map;
    }

    private static Throwable cause(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }
}
