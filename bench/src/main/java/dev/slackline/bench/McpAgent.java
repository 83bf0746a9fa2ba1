package dev.slackline.bench;

import java.io.IOException;

/** A client of MCP that has one call under way at a time. Not thread-safe. */
interface McpAgent extends AutoCloseable {

    /**
     * Calls a tool.
     *
     * @param arguments a JSON object, in ASCII
     * @return the answer as it came, an error as well
     */
    String call(String tool, String arguments) throws IOException;

    @Override
    void close() throws IOException;
}
