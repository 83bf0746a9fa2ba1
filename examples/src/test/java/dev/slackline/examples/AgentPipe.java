package dev.slackline.examples;

import dev.slackline.mcp.stdio.McpPipe;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The server of {@link AgentServer} over stdio, in a process of its own. */
public final class AgentPipe {

    private static final int MAX_MESSAGE = 1 << 20;

    private AgentPipe() {}

    /** Runs it until its client closes its end, or ends it; then it gives back what was claimed. */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        AgentServer server = new AgentServer(System.getenv());
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        McpPipe.Writer lines = line -> {
            synchronized (out) {
                out.writeBytes(line);
                out.println();
            }
        };
        new McpPipe(server.offer(), System.in, lines, MAX_MESSAGE).run();
        System.exit(0);
    }
}
