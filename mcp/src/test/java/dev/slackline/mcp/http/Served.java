package dev.slackline.mcp.http;

import dev.slackline.mcp.Catalog;
import dev.slackline.mcp.ResourceUpdates;
import dev.slackline.mcp.protocol.Offer;
import dev.slackline.slack.HttpServer;
import dev.slackline.slack.HttpSettings;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** An MCP server over HTTP on a free port of this machine. */
final class Served implements AutoCloseable {

    /** Asks for nothing and counts nothing. */
    static final McpSettings OPEN = new McpSettings(List.of(), List.of(), List.of(), 4 << 20, 0);

    private static final Duration IDLE = Duration.ofMinutes(2);

    final McpDoor door;
    final ResourceUpdates updates = new ResourceUpdates();
    private final HttpServer http;

    Served(Catalog catalog, McpSettings settings) {
        this(catalog, settings, IDLE);
    }

    /** One that shows signs of life as if connections could idle no longer than this; a busy machine does not cut them. */
    Served(Catalog catalog, McpSettings settings, Duration idleTimeout) {
        this(catalog, settings, idleTimeout, InstantSource.system());
    }

    /** One whose access tokens run out by this clock. */
    Served(Catalog catalog, McpSettings settings, Duration idleTimeout, InstantSource clock) {
        door = new McpDoor(new Offer(catalog, updates, "1.0", "How to use it."), settings, idleTimeout, clock);
        http = HttpServer.start(new HttpSettings("127.0.0.1", 0, 1024, IDLE, Duration.ofSeconds(20)), List.of(door));
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + http.port() + McpDoor.PATH);
    }

    @Override
    public void close() {
        door.close();
        http.close();
    }
}
