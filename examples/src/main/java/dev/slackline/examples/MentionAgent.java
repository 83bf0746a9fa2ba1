package dev.slackline.examples;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an AI agent does with Slackline's MCP server, with a fixed answer where the model would think: waits until somebody
 * mentions the app, claims that event, reads the thread that it is in, replies there, and only then acknowledges. If it dies
 * in between, the event comes again when its lease is over, to it or to another.
 */
public final class MentionAgent implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(MentionAgent.class);

    /** Longer than {@code events_wait} waits. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final List<String> MENTIONS = List.of("event.app_mention");
    /** What of our environment is for the server, where we start it. */
    private static final String FOR_THE_SERVER = "(SLACK|SLACKLINE|SQLITE|QUEUE|MCP|MQ|REDIS|KAFKA|NATS|POSTGRES)_.*";

    private final McpSyncClient client;
    private final Function<List<String>, String> model;

    /** @param model thinks of an answer to a thread, whose messages it is given, the oldest first */
    MentionAgent(McpClientTransport transport, Function<List<String>, String> model) {
        this.client = McpClient.sync(transport)
                .requestTimeout(PATIENCE)
                .initializationTimeout(PATIENCE)
                .build();
        this.model = model;
        client.initialize();
    }

    /** Runs it until the process is told to end: with the address of a server, or with the command that starts one. */
    public static void main(String[] args) {
        McpClientTransport transport = args.length == 1 && args[0].startsWith("http")
                ? http(URI.create(args[0]))
                : stdio(List.of(args), System.getenv());
        try (MentionAgent agent = new MentionAgent(transport, MentionAgent::answer)) {
            log.info("waiting for somebody to mention the app");
            while (!Thread.currentThread().isInterrupted()) {
                agent.work();
            }
        }
    }

    private static String answer(List<String> thread) {
        return "A model would answer now; I have only read the thread, " + thread.size() + " long.";
    }

    static McpClientTransport http(URI server) {
        return HttpClientStreamableHttpTransport.builder(server.resolve("/").toString())
                .endpoint(server.getPath())
                .build();
    }

    static McpClientTransport stdio(List<String> command, Map<String, String> env) {
        ServerParameters.Builder server =
                ServerParameters.builder(command.get(0)).args(command.subList(1, command.size()));
        env.forEach((name, value) -> {
            if (name.matches(FOR_THE_SERVER)) {
                server.addEnvVar(name, value);
            }
        });
        return new StdioClientTransport(server.build(), McpJsonDefaults.getMapper());
    }

    /** Waits for one mention and answers it, if nobody else was faster. */
    boolean work() {
        call("events_wait", Map.of("keys", MENTIONS));
        Object claimed = call("events_claim", Map.of("keys", MENTIONS)).get("events");
        for (Object event : claimed instanceof List<?> events ? events : List.of()) {
            if (event instanceof Map<?, ?> mention) {
                answer(mention);
                return true;
            }
        }
        return false;
    }

    private void answer(Map<?, ?> event) {
        String channel = String.valueOf(event.get("channel"));
        String thread = String.valueOf(event.containsKey("thread_ts") ? event.get("thread_ts") : event.get("ts"));
        List<String> texts = texts(call("slack_thread", Map.of("channel", channel, "thread_ts", thread)));
        call("slack_reply", Map.of("channel", channel, "thread_ts", thread, "text", model.apply(texts)));
        call("events_ack", Map.of("claims", List.of(String.valueOf(event.get("claim")))));
        log.info("answered event={}", event.get("id"));
    }

    private static List<String> texts(Map<?, ?> thread) {
        return thread.get("messages") instanceof List<?> list
                ? list.stream()
                        .map(message -> message instanceof Map<?, ?> fields ? String.valueOf(fields.get("text")) : "")
                        .toList()
                : List.of();
    }

    /** A tool that fails says why, and what to do; a model would read it, this agent gives up. */
    private Map<?, ?> call(String tool, Map<String, Object> arguments) {
        CallToolResult result = client.callTool(
                CallToolRequest.builder(tool).arguments(arguments).build());
        if (Boolean.TRUE.equals(result.isError())) {
            throw new IllegalStateException(tool + " failed: " + result.content());
        }
        return result.structuredContent() instanceof Map<?, ?> structured ? structured : Map.of();
    }

    @Override
    public void close() {
        client.closeGracefully();
    }
}
