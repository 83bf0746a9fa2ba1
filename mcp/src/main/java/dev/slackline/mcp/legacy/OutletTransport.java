package dev.slackline.mcp.legacy;

import dev.slackline.mcp.protocol.Outlet;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpStreamableServerTransport;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Lets the SDK's sessions write to an outlet. A response is the last message of its stream. */
final class OutletTransport implements McpStreamableServerTransport {

    private final Outlet outlet;

    OutletTransport(Outlet outlet) {
        this.outlet = outlet;
    }

    @Override
    public Mono<Void> sendMessage(McpSchema.JSONRPCMessage message, @Nullable String messageId) {
        return sendMessage(message);
    }

    @Override
    public Mono<Void> sendMessage(McpSchema.JSONRPCMessage message) {
        return Mono.fromRunnable(() -> {
            if (message instanceof McpSchema.JSONRPCResponse) {
                outlet.end(message);
            } else {
                outlet.send(message);
            }
        });
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.fromRunnable(outlet::end);
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
        return Legacy.MAPPER.convertValue(data, type);
    }
}
