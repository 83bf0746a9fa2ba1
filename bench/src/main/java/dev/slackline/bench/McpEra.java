package dev.slackline.bench;

import java.nio.charset.StandardCharsets;

/** How a client of MCP makes its requests, before and after the protocol lost its sessions. */
enum McpEra {
    /** With {@code initialize} and a session. */
    SESSIONS("2025-11-25", "initialize"),
    /** Each request by itself. */
    STATELESS("2026-07-28", "server/discover");

    private static final String META = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientInfo\":{\"name\":\"bench\",\"version\":\"1\"},"
            + "\"io.modelcontextprotocol/clientCapabilities\":{}}";
    private static final String OPENING = "\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
            + "\"clientInfo\":{\"name\":\"bench\",\"version\":\"1\"}";

    private final String version;
    private final String greeting;

    McpEra(String version, String greeting) {
        this.version = version;
        this.greeting = greeting;
    }

    String version() {
        return version;
    }

    /** The method that a client calls first. */
    String greeting() {
        return greeting;
    }

    /** The first message. */
    String greetingBody(long id) {
        return body(id, greeting, this == SESSIONS ? OPENING : META);
    }

    /** Calls a tool; its arguments are a JSON object. */
    String callBody(long id, String tool, String arguments) {
        String params = "\"name\":\"" + tool + "\",\"arguments\":" + arguments;
        return body(id, "tools/call", this == SESSIONS ? params : params + "," + META);
    }

    /**
     * A whole HTTP request.
     *
     * @param name what {@code Mcp-Name} repeats; empty for nothing
     * @param session empty for none
     */
    byte[] http(String method, String name, String session, String body) {
        StringBuilder head = new StringBuilder(
                        "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n")
                .append("Accept: application/json, text/event-stream\r\n");
        if (this == STATELESS) {
            head.append("MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: ")
                    .append(method)
                    .append("\r\n");
            if (!name.isEmpty()) {
                head.append("Mcp-Name: ").append(name).append("\r\n");
            }
        } else if (!session.isEmpty()) {
            head.append("MCP-Protocol-Version: 2025-11-25\r\nMcp-Session-Id: ")
                    .append(session)
                    .append("\r\n");
        }
        head.append("Content-Length: ").append(body.length()).append("\r\n\r\n").append(body);
        return head.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static String body(long id, String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":{" + params + "}}";
    }
}
