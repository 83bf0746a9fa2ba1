package dev.slackline.mcp.modern;

import dev.slackline.mcp.Caller;
import dev.slackline.mcp.InputNeededException;
import dev.slackline.mcp.Question;
import dev.slackline.mcp.protocol.Message;
import dev.slackline.mcp.protocol.Methods;
import dev.slackline.mcp.protocol.Offer;
import dev.slackline.mcp.protocol.Outlet;
import dev.slackline.mcp.protocol.RpcException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers the requests of protocol 2026-07-28, each by itself. Thread-safe; blocks no thread. */
public final class Modern implements AutoCloseable {

    /** The version. */
    public static final String VERSION = "2026-07-28";

    private static final String DISCOVER = "server/discover";
    private static final String LISTEN = "subscriptions/listen";
    /** The catalogue is fixed for the life of a process; a client that missed its end asks again before long. */
    private static final Duration LISTS_LIVE = Duration.ofMinutes(5);

    private static final Set<String> LISTS =
            Set.of(DISCOVER, "tools/list", "resources/list", "resources/templates/list", "prompts/list");

    private final Offer offer;
    private final Methods methods;
    private final Subscriptions subscriptions;
    private final Seal seal = new Seal(InstantSource.system());

    /** Answers from what a server offers. */
    public Modern(Offer offer, Methods methods) {
        this.offer = offer;
        this.methods = methods;
        this.subscriptions = new Subscriptions(methods, offer.updates());
    }

    /**
     * Whether a message is of this era: it says so, or uses what only this era has.
     *
     * @param version what the header says; null for no header
     * @param legacy whether a version is one of the era before
     */
    public static boolean speaks(Message message, @Nullable String version, Function<String, Boolean> legacy) {
        return !RequestMeta.version(message).isEmpty()
                || message.method().equals(DISCOVER)
                || message.method().equals(LISTEN)
                || (version != null && !legacy.apply(version.strip()));
    }

    /**
     * Answers a request that came over HTTP.
     *
     * @param header gives the value of a header; null if there is none
     */
    public void answer(Message request, Function<String, @Nullable String> header, Caller caller, Outlet outlet) {
        answer(request, caller, outlet, () -> Headers.check(request, header));
    }

    /** Answers a request that came over stdio. */
    public void answer(Message request, Caller caller, Outlet outlet) {
        answer(request, caller, outlet, () -> {});
    }

    /** Ends what clients listen to, and tells them so. */
    @Override
    public void close() {
        subscriptions.close();
    }

    private void answer(Message request, Caller caller, Outlet outlet, Runnable headers) {
        try {
            RequestMeta meta = checked(request, headers);
            if (request.method().equals(DISCOVER)) {
                outlet.end(request.result(complete(DISCOVER, discovery())));
            } else if (request.method().equals(LISTEN)) {
                subscriptions.listen(request, outlet);
            } else {
                call(request, meta, caller, outlet);
            }
        } catch (RpcException e) {
            outlet.end(status(e), request.error(e));
        }
    }

    private RequestMeta checked(Message request, Runnable headers) {
        String version = RequestMeta.version(request);
        if (version.isEmpty()) {
            throw RpcException.invalid("_meta needs " + RequestMeta.VERSION);
        }
        headers.run();
        if (!version.equals(VERSION)) {
            throw new RpcException(
                    RpcException.UNSUPPORTED_VERSION,
                    "this version of the protocol is not spoken here",
                    Map.of("supported", List.of(VERSION), "requested", version));
        }
        RequestMeta meta = RequestMeta.of(request);
        boolean known = request.method().equals(DISCOVER) || request.method().equals(LISTEN);
        if (!known && !methods.know(request.method())) {
            throw new RpcException(RpcException.METHOD_NOT_FOUND, "there is no such method");
        }
        return meta;
    }

    private void call(Message request, RequestMeta meta, Caller caller, Outlet outlet) {
        Object sealed = request.params().get("requestState");
        if (sealed != null && !(sealed instanceof String)) {
            throw RpcException.invalid("requestState must be a string");
        }
        String state = sealed instanceof String text ? seal.open(text, request, caller) : "";
        OutletPeer peer = new OutletPeer(request, meta, state, outlet);
        methods.answer(request.method(), request.params(), caller, peer).whenComplete((result, thrown) -> {
            if (thrown == null) {
                outlet.end(request.result(complete(request.method(), result)));
                return;
            }
            Throwable error =
                    thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
            if (error instanceof InputNeededException needed) {
                ask(request, needed, peer, caller, outlet);
            } else {
                outlet.end(request.error(renumbered((RpcException) error)));
            }
        });
    }

    /** The questions are the answer: the client comes back with the same request and what it was told. */
    private void ask(Message request, InputNeededException needed, OutletPeer peer, Caller caller, Outlet outlet) {
        Map<String, Object> missing = new LinkedHashMap<>();
        Map<String, Object> questions = new LinkedHashMap<>();
        needed.questions().forEach((id, question) -> {
            Question.Kind kind = question.kind();
            if (!peer.can(kind)) {
                missing.put(kind.capability(), Map.of());
            }
            questions.put(id, Map.of("method", kind.method(), "params", question.params()));
        });
        if (!missing.isEmpty()) {
            outlet.end(
                    400,
                    request.error(new RpcException(
                            RpcException.MISSING_CAPABILITY,
                            "this needs a client with more capabilities",
                            Map.of("requiredCapabilities", missing))));
            return;
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("resultType", "input_required");
        result.put("inputRequests", questions);
        if (!needed.state().isEmpty()) {
            result.put("requestState", seal.close(needed.state(), request, caller));
        }
        result.put("_meta", Map.of(RequestMeta.SERVER, offer.info()));
        outlet.end(request.result(result));
    }

    private Map<String, Object> discovery() {
        Map<String, Object> discovery = new LinkedHashMap<>();
        discovery.put("supportedVersions", List.of(VERSION));
        discovery.put("capabilities", offer.capabilities());
        if (!offer.instructions().isEmpty()) {
            discovery.put("instructions", offer.instructions());
        }
        return discovery;
    }

    /** What is private may be kept by the client and by nobody between: who may see what depends on the token. */
    private Map<String, Object> complete(String method, Map<String, Object> result) {
        Map<String, Object> complete = new LinkedHashMap<>(result);
        complete.put("resultType", "complete");
        if (LISTS.contains(method) || method.equals("resources/read")) {
            complete.put("ttlMs", LISTS.contains(method) ? LISTS_LIVE.toMillis() : 0);
            complete.put("cacheScope", "private");
        }
        complete.put("_meta", Map.of(RequestMeta.SERVER, offer.info()));
        return complete;
    }

    private static RpcException renumbered(RpcException error) {
        return error.code() == RpcException.RESOURCE_NOT_FOUND
                ? new RpcException(RpcException.INVALID_PARAMS, error.text(), error.data())
                : error;
    }

    /** What the client could not know before stays 200; what is wrong with the request itself is not. */
    private static int status(RpcException error) {
        return switch (error.code()) {
            case RpcException.METHOD_NOT_FOUND -> 404;
            case RpcException.INTERNAL_ERROR -> 200;
            default -> 400;
        };
    }
}
