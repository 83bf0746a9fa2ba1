package dev.slackline.mcp.protocol;

import java.util.LinkedHashMap;
import java.util.Map;

/** A request is answered with an error of JSON-RPC. Its message is for the client and never says what went on inside. */
public final class RpcException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What came in is no JSON. */
    public static final int PARSE_ERROR = -32700;
    /** It is JSON and no message. */
    public static final int INVALID_REQUEST = -32600;
    /** There is no such method. */
    public static final int METHOD_NOT_FOUND = -32601;
    /** The parameters are not what the method needs. */
    public static final int INVALID_PARAMS = -32602;
    /** It is our fault. */
    public static final int INTERNAL_ERROR = -32603;
    /** There is no such resource, up to 2025-11-25. */
    public static final int RESOURCE_NOT_FOUND = -32002;
    /** The headers of a request say something else than its body, from 2026-07-28 on. */
    public static final int HEADER_MISMATCH = -32020;
    /** The client lacks a capability, from 2026-07-28 on. */
    public static final int MISSING_CAPABILITY = -32021;
    /** The version is not spoken here, from 2026-07-28 on. */
    public static final int UNSUPPORTED_VERSION = -32022;

    private final int code;
    private final transient Map<String, Object> data;

    /** An error with nothing but its message. */
    public RpcException(int code, String message) {
        this(code, message, Map.of());
    }

    /** An error that says more. */
    public RpcException(int code, String message, Map<String, Object> data) {
        super(message, null, false, false);
        this.code = code;
        this.data = data;
    }

    /** The parameters are not what the method needs. */
    public static RpcException invalid(String message) {
        return new RpcException(INVALID_PARAMS, message);
    }

    /** Which error it is. */
    public int code() {
        return code;
    }

    /** What the client is told. */
    public String text() {
        return String.valueOf(getMessage());
    }

    /** What the client is told besides; empty for nothing. */
    public Map<String, Object> data() {
        return data;
    }

    /** The {@code error} of an answer. */
    public Map<String, Object> asMap() {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", code);
        error.put("message", text());
        if (!data.isEmpty()) {
            error.put("data", data);
        }
        return error;
    }
}
