package dev.slackline.mcp.modern;

import dev.slackline.mcp.protocol.Message;
import dev.slackline.mcp.protocol.RpcException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The headers that repeat what a request's body says, for those who route requests without reading them. */
public final class Headers {

    /** The version of the protocol. */
    public static final String VERSION = "MCP-Protocol-Version";

    private static final String METHOD = "Mcp-Method";
    private static final String NAME = "Mcp-Name";
    private static final String ENCODED = "=?base64?";
    private static final String ENCODED_END = "?=";
    /** Which parameter {@value #NAME} repeats. */
    private static final Map<String, String> NAMED =
            Map.of("tools/call", "name", "prompts/get", "name", "resources/read", "uri");

    private Headers() {}

    /**
     * Refuses a request whose headers say something else than its body, or too little.
     *
     * @param header gives the value of a header; null if the request has none
     * @throws RpcException {@link RpcException#HEADER_MISMATCH}
     */
    static void check(Message request, Function<String, @Nullable String> header) {
        require(VERSION, RequestMeta.version(request), header.apply(VERSION));
        require(METHOD, request.method(), header.apply(METHOD));
        String parameter = NAMED.get(request.method());
        if (parameter != null && request.params().get(parameter) instanceof String name) {
            String given = header.apply(NAME);
            require(NAME, name, given == null ? null : decoded(given));
        }
    }

    private static void require(String header, String body, @Nullable String value) {
        if (value == null) {
            throw new RpcException(RpcException.HEADER_MISMATCH, "the header " + header + " is missing");
        }
        if (!value.strip().equals(body)) {
            throw new RpcException(
                    RpcException.HEADER_MISMATCH, "the header " + header + " says something else than the body");
        }
    }

    private static String decoded(String value) {
        if (!value.startsWith(ENCODED) || !value.endsWith(ENCODED_END)) {
            return value;
        }
        try {
            String base64 = value.substring(ENCODED.length(), value.length() - ENCODED_END.length());
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
            throw new RpcException(RpcException.HEADER_MISMATCH, "the header " + NAME + " is no base64");
        }
    }
}
