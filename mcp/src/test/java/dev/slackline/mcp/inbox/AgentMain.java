package dev.slackline.mcp.inbox;

import dev.slackline.mcp.ResourceUpdates;
import dev.slackline.mcp.ToolResult;
import dev.slackline.queue.Queue;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * An agent in a process of its own: claims what comes on the SQLite file that is named, says {@code CLAIMED id} and, after
 * the acknowledgement was taken, {@code ACKED id}; until it is killed. One that is told to {@code hold} claims once, says
 * so, and does nothing more.
 */
public final class AgentMain {

    private AgentMain() {}

    /** Runs it: the file, the lease, and {@code work} or {@code hold}. */
    public static void main(String[] arguments) {
        PrintStream say = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        Queue queue = Queue.fromEnv(Map.of(
                "QUEUE_BACKEND",
                "sqlite",
                "SQLITE_PATH",
                arguments[0],
                "QUEUE_LEASE",
                arguments[1],
                "QUEUE_MAX_ATTEMPTS",
                "100"));
        Agent agent = new Agent(
                Inbox.open(queue, InboxSettings.defaults(), new ResourceUpdates())
                        .catalog(),
                "agent");
        boolean holds = arguments[2].equals("hold");
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

    private static void acknowledge(Agent agent, Map<String, Object> event, PrintStream say) {
        ToolResult result = agent.call("events_ack", Agent.settling(event));
        say.println((result.isError() ? "LOST " : "ACKED ") + event.get("id"));
    }
}
