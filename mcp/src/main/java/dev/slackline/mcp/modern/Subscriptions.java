package dev.slackline.mcp.modern;

import dev.slackline.mcp.ResourceUpdates;
import dev.slackline.mcp.protocol.Message;
import dev.slackline.mcp.protocol.Methods;
import dev.slackline.mcp.protocol.Outlet;
import dev.slackline.mcp.protocol.RpcException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The streams on which clients hear of changed resources. Thread-safe. */
final class Subscriptions implements AutoCloseable {

    private static final int MAX_RESOURCES = 1000;

    private final Methods methods;
    private final ResourceUpdates updates;
    private final Set<Runnable> open = ConcurrentHashMap.newKeySet();

    Subscriptions(Methods methods, ResourceUpdates updates) {
        this.methods = methods;
        this.updates = updates;
    }

    /** Opens one; it stays until the client leaves or the server closes. */
    void listen(Message request, Outlet outlet) {
        Set<String> uris = uris(request);
        Map<String, Object> tag = Map.of(RequestMeta.SUBSCRIPTION, request.id());
        Map<String, Object> honoured = uris.isEmpty() ? Map.of() : Map.of("resourceSubscriptions", List.copyOf(uris));
        Map<String, Object> acknowledgement = new LinkedHashMap<>();
        acknowledgement.put("_meta", tag);
        acknowledgement.put("notifications", honoured);
        outlet.send(Message.notification("notifications/subscriptions/acknowledged", acknowledgement));
        ResourceUpdates.Watch watch = updates.watch(
                uris,
                uri -> outlet.send(
                        Message.notification("notifications/resources/updated", Map.of("_meta", tag, "uri", uri))));
        Runnable end = () -> {
            watch.close();
            outlet.end(request.result(Map.of("resultType", "complete", "_meta", tag)));
        };
        open.add(end);
        outlet.gone().thenRun(() -> {
            open.remove(end);
            watch.close();
        });
    }

    @Override
    public void close() {
        open.forEach(Runnable::run);
        open.clear();
    }

    /** Those of the resources asked for that there are. Lists never change here, so nobody hears of those. */
    private Set<String> uris(Message request) {
        Map<String, Object> filter = Message.map(request.params().get("notifications"));
        if (filter == null) {
            throw RpcException.invalid("notifications is needed, an object that says what to hear of");
        }
        Object wanted = filter.getOrDefault("resourceSubscriptions", List.of());
        if (!(wanted instanceof List<?> list) || list.size() > MAX_RESOURCES) {
            throw RpcException.invalid(
                    "resourceSubscriptions must be a list of " + MAX_RESOURCES + " addresses at most");
        }
        Set<String> uris = new LinkedHashSet<>();
        for (Object uri : list) {
            if (uri instanceof String text && methods.haveResource(text)) {
                uris.add(text);
            }
        }
        return uris;
    }
}
