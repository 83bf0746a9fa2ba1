package dev.slackline.slack.simulator.socket;

import dev.slackline.slack.simulator.state.Json;
import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/** The {@code hello} of a new connection. */
final class Greeting {

    private Greeting() {}

    static ObjectNode of(String appId, int connections, Duration lifetime) {
        ObjectNode hello = Json.object().put("type", "hello").put("num_connections", connections);
        hello.putObject("debug_info")
                .put("host", SocketMode.HOST)
                .put("build_number", 1)
                .put("approximate_connection_time", Math.max(1, lifetime.toSeconds()));
        hello.putObject("connection_info").put("app_id", appId);
        return hello;
    }
}
