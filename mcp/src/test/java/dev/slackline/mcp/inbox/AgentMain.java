package dev.slackline.mcp.inbox;

import dev.slackline.mcp.Catalog;
import dev.slackline.mcp.ResourceUpdates;
import dev.slackline.mcp.ToolResult;
import dev.slackline.queue.Queue;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * An agent in a process of its own: claims what comes, says {@code CLAIMED id} and, after the acknowledgement was taken,
 * {@code ACKED id}; until it is killed. One that is told to {@code hold} claims once, says so, and does nothing more.
 */
public final class AgentMain {

    private AgentMain() {}

    /**
     * Runs it: {@code work} or {@code hold}, and where the events are, a SQLite file and the lease, or the address of a
     * server and a token.
     */
    public static void main(String[] arguments) {
        PrintStream say = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        Agent agent = new Agent(
                arguments[1].startsWith("http:")
                        ? OverHttp.catalog(URI.create(arguments[1]), arguments[2])
                        : onFile(arguments[1], arguments[2]),
                "agent");
        boolean holds = arguments[0].equals("hold");
        say.println("READY");
        do {
            List<Map<String, Object>> events = agent.claim(Map.of("max", 7, "wait_seconds", 30));
            events.forEach(event -> say.println("CLAIMED " + event.get("id")));
            if (!holds) {
                events.forEach(event -> acknowledge(agent, event, say));
            }
        } while (!holds);
        say.println("HOLDING");
        new CompletableFuture<Void>().join();
    }

    private static Catalog onFile(String file, String lease) {
        Queue queue = Queue.fromEnv(Map.of(
                "QUEUE_BACKEND", "sqlite", "SQLITE_PATH", file, "QUEUE_LEASE", lease, "QUEUE_MAX_ATTEMPTS", "100"));
        return Inbox.open(queue, InboxSettings.defaults(), new ResourceUpdates())
                .catalog();
    }

    private static void acknowledge(Agent agent, Map<String, Object> event, PrintStream say) {
        ToolResult result = agent.call("events_ack", Agent.settling(event));
        say.println((result.isError() ? "LOST " : "ACKED ") + event.get("id"));
    }
}
