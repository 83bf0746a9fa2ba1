package dev.slackline.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A client of {@code slackline mcp}, a process of its own, over its stdin and stdout. Not thread-safe. */
final class McpPipe implements McpAgent {

    private static final McpEra ERA = McpEra.SESSIONS;

    private final Process process;
    private final BufferedWriter out;
    private final BufferedReader in;
    private long id;

    private McpPipe(Process process) {
        this.process = process;
        this.out = process.outputWriter();
        this.in = process.inputReader();
    }

    /** Starts the process and does all that comes before the first call. */
    static McpPipe start(Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        List.of(Machine.home().resolve("slackline").toString(), "mcp"))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        McpPipe pipe = new McpPipe(builder.start());
        pipe.ask(ERA.greetingBody(++pipe.id));
        pipe.say("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
        return pipe;
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    @Override
    public String call(String tool, String arguments) throws IOException {
        return ask(ERA.callBody(++id, tool, arguments));
    }

    @Override
    public void close() throws IOException {
        out.close(); // which ends it
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private String ask(String message) throws IOException {
        say(message);
        String mine = "\"id\":" + id;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.contains(mine)) {
                return line;
            }
        }
        throw new IOException("slackline mcp ended");
    }

    private void say(String message) throws IOException {
        out.write(message);
        out.newLine();
        out.flush();
    }
}
