package dev.slackline.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.mcp.ResourceUpdates;
import dev.slackline.mcp.conformance.Fixtures;
import dev.slackline.mcp.http.McpDoor;
import dev.slackline.mcp.http.McpSettings;
import dev.slackline.mcp.protocol.Offer;
import dev.slackline.slack.HttpServer;
import dev.slackline.slack.HttpSettings;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A short run against both servers: every call that is sent is answered as it should be. */
class McpLoadTest {

    private static final Duration IDLE = Duration.ofMinutes(2);
    private static final int CLIENTS = 10;

    @ParameterizedTest
    @EnumSource(McpEra.class)
    void ourServerAnswersEveryCall(McpEra era) throws Exception {
        Offer offer = new Offer(Fixtures.catalog(), new ResourceUpdates(), "1", "");
        McpSettings open = new McpSettings(List.of(), List.of(), List.of(), 1 << 20, 0);
        HttpSettings address = new HttpSettings("127.0.0.1", 0, 64, IDLE, Duration.ofSeconds(20));
        try (McpDoor door = new McpDoor(offer, open, IDLE);
                HttpServer http = HttpServer.start(address, List.of(door))) {
            assertEveryCallIsAnswered(new McpLoad(http.port(), era, CLIENTS));
        }
    }

    @Test
    void theServerOfTheSdkAnswersEveryCall() throws Exception {
        Server server = SdkServer.start();
        try {
            assertEveryCallIsAnswered(new McpLoad(server.getURI().getPort(), McpEra.SESSIONS, CLIENTS));
        } finally {
            server.stop();
        }
    }

    private static void assertEveryCallIsAnswered(McpLoad load) throws Exception {
        Measured measured = load.run(0.5);

        McpLoad.Ledger ledger = load.ledger();
        assertThat(ledger.errors()).isZero();
        assertThat(ledger.answered()).isEqualTo(ledger.sent()).isEqualTo(measured.count());
        assertThat(ledger.sent()).isGreaterThanOrEqualTo(CLIENTS);
    }
}
