package dev.slackline.bench;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.Map;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * The baseline of the calls of tools: the MCP Java SDK's own server on Jetty, with a tool that answers at once on the
 * thread that asks. Prints its port.
 */
final class SdkServer {

    private SdkServer() {}

    public static void main(String[] args) throws Exception {
        Server server = start();
        System.out.println("ready on " + server.getURI().resolve("/"));
        server.join();
    }

    static Server start() throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        ServletHolder servlet = new ServletHolder(mcp());
        servlet.setAsyncSupported(true);
        context.addServlet(servlet, "/mcp");
        server.setHandler(context);
        server.start();
        return server;
    }

    private static HttpServletStreamableServerTransportProvider mcp() {
        McpJsonMapper json = new JacksonMcpJsonMapper(JsonMapper.builder().build());
        HttpServletStreamableServerTransportProvider transport = HttpServletStreamableServerTransportProvider.builder()
                .jsonMapper(json)
                .mcpEndpoint("/mcp")
                .build();
        McpSchema.Tool tool = McpSchema.Tool.builder(McpLoad.TOOL, Map.of("type", "object", "properties", Map.of()))
                .description("Answers with text.")
                .build();
        McpServer.async(transport)
                .jsonMapper(json)
                .serverInfo("sdk", "1")
                .toolCall(
                        tool,
                        (exchange, request) -> Mono.just(McpSchema.CallToolResult.builder()
                                .addTextContent(McpLoad.TEXT)
                                .isError(false)
                                .build()))
                .build();
        return transport;
    }
}
