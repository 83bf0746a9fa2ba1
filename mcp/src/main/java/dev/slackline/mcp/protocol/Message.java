package dev.slackline.mcp.protocol;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;

/**
 * One message of JSON-RPC 2.0 that came in.
 *
 * @param fields all of it
 */
public record Message(Map<String, Object> fields) {

    /** Reads and writes everything on the wire; hostile depths and sizes are refused by its own bounds. */
    public static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String ID = "id";
    private static final String METHOD = "method";

    /**
     * Reads one.
     *
     * @throws RpcException if it is no JSON, or no message
     */
    public static Message parse(byte[] json) {
        Object value;
        try {
            value = JSON.readValue(json, Object.class);
        } catch (JacksonException e) {
            throw new RpcException(RpcException.PARSE_ERROR, "this is no JSON");
        }
        Map<String, Object> fields = map(value);
        if (fields == null) {
            throw invalid("one message is a JSON object; batches are not taken");
        }
        Message message = new Message(fields);
        message.check();
        return message;
    }

    private void check() {
        if (!"2.0".equals(fields.get("jsonrpc"))) {
            throw invalid("jsonrpc must be \"2.0\"");
        }
        if (fields.containsKey(METHOD)) {
            if (!(fields.get(METHOD) instanceof String)) {
                throw invalid("method must be a string");
            }
            Object params = fields.get("params");
            if (params != null && map(params) == null) {
                throw invalid("params must be an object");
            }
        } else if (!isResponse()) {
            throw invalid("neither a request nor a response");
        }
        if (fields.containsKey(ID) && !isId(fields.get(ID))) {
            throw invalid("id must be a string or a whole number");
        }
        if (isResponse() && !fields.containsKey(ID)) {
            throw invalid("a response needs the id of its request");
        }
    }

    private static RpcException invalid(String what) {
        return new RpcException(RpcException.INVALID_REQUEST, what);
    }

    private static boolean isId(@Nullable Object id) {
        return id instanceof String || id instanceof Integer || id instanceof Long || id instanceof BigInteger;
    }

    /** Whether it wants an answer. */
    public boolean isRequest() {
        return fields.containsKey(METHOD) && fields.containsKey(ID);
    }

    /** Whether it is the answer to a request of ours. */
    public boolean isResponse() {
        return !fields.containsKey(METHOD) && (fields.containsKey("result") || map(fields.get("error")) != null);
    }

    /** Its method; empty for a response. */
    public String method() {
        return fields.get(METHOD) instanceof String method ? method : "";
    }

    /** Its id, a string or a whole number; empty for a notification. */
    public Object id() {
        Object id = fields.get(ID);
        return id == null ? "" : id;
    }

    /** Its parameters; empty if there are none. */
    public Map<String, Object> params() {
        Map<String, Object> params = map(fields.get("params"));
        return params == null ? Map.of() : params;
    }

    /** What its parameters carry besides; empty if there is nothing. */
    public Map<String, Object> meta() {
        Map<String, Object> meta = map(params().get("_meta"));
        return meta == null ? Map.of() : meta;
    }

    /** The answer to it. */
    public Map<String, Object> result(Map<String, Object> result) {
        return answer(id(), "result", result);
    }

    /** The error that answers it. */
    public Map<String, Object> error(RpcException error) {
        return answer(id(), "error", error.asMap());
    }

    /** An error that answers no request in particular. */
    public static Map<String, Object> errorWithoutId(RpcException error) {
        return answer(null, "error", error.asMap());
    }

    /** A message that wants no answer. */
    public static Map<String, Object> notification(String method, Map<String, Object> params) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("jsonrpc", "2.0");
        message.put(METHOD, method);
        message.put("params", params);
        return message;
    }

    private static Map<String, Object> answer(@Nullable Object id, String name, Object value) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("jsonrpc", "2.0");
        message.put(ID, id == null ? NullNode.getInstance() : id);
        message.put(name, value);
        return message;
    }

    /** A JSON object as a map; null if it is none. */
    @SuppressWarnings("unchecked") // the keys of a JSON object are strings
    public static @Nullable Map<String, Object> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : null;
    }
}
