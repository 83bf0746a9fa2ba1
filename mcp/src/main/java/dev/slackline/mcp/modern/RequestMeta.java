package dev.slackline.mcp.modern;

import dev.slackline.mcp.Peer;
import dev.slackline.mcp.protocol.Message;
import dev.slackline.mcp.protocol.RpcException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every request says about itself, in {@code _meta}.
 *
 * @param capabilities what the client can do
 * @param logLevel from which level on it wants to hear log lines; null for none at all
 * @param progressToken what it wants progress to be told under; null for none
 */
record RequestMeta(
        Map<String, Object> capabilities,
        Peer.@Nullable LogLevel logLevel,
        @Nullable Object progressToken) {

    private static final String PREFIX = "io.modelcontextprotocol/";
    static final String VERSION = PREFIX + "protocolVersion";
    static final String CAPABILITIES = PREFIX + "clientCapabilities";
    static final String LOG_LEVEL = PREFIX + "logLevel";
    static final String SUBSCRIPTION = PREFIX + "subscriptionId";
    static final String SERVER = PREFIX + "serverInfo";

    /**
     * Reads it.
     *
     * @throws RpcException if something is missing that every request must say
     */
    static RequestMeta of(Message request) {
        Map<String, Object> meta = request.meta();
        Map<String, Object> capabilities = Message.map(meta.get(CAPABILITIES));
        if (capabilities == null) {
            throw RpcException.invalid("_meta needs " + CAPABILITIES + ", an object");
        }
        Object token = meta.get("progressToken");
        return new RequestMeta(
                capabilities,
                level(meta.get(LOG_LEVEL)),
                token instanceof String || token instanceof Number ? token : null);
    }

    /** The version that a request is in; empty if it does not say. */
    static String version(Message request) {
        return request.meta().get(VERSION) instanceof String version ? version : "";
    }

    /** The protocol knows more levels than are needed here: those between two count as the upper one. */
    private static Peer.@Nullable LogLevel level(@Nullable Object level) {
        if (!(level instanceof String text)) {
            return null;
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "debug" -> Peer.LogLevel.DEBUG;
            case "info" -> Peer.LogLevel.INFO;
            case "notice", "warning" -> Peer.LogLevel.WARNING;
            case "error", "critical", "alert", "emergency" -> Peer.LogLevel.ERROR;
            default -> throw RpcException.invalid(LOG_LEVEL + ": there is no such level");
        };
    }
}
