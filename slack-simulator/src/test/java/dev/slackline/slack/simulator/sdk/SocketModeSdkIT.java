package dev.slackline.slack.simulator.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.slack.simulator.SlackSimulator;
import dev.slackline.slack.simulator.delivery.Attempt;
import dev.slackline.slack.simulator.delivery.Occurrence;
import dev.slackline.slack.simulator.socket.Acknowledgement;
import dev.slackline.slack.simulator.socket.DisconnectReason;
import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.web.ApiFault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code @slack/socket-mode}: its connection, and what it does when that goes. */
class SocketModeSdkIT {

    /** The last retry comes after twelve seconds: the SDK connects again after five. */
    private final SlackSimulator slack = SlackSimulator.builder().speed(30).start();

    @AfterEach
    void end() {
        slack.close();
    }

    @Test
    void envelopesAreTakenOverAConnectionThatWasGreeted() throws Exception {
        try (NodeProgram client = NodeProgram.start(slack, "socket-mode.js")) {
            client.await("started");
            assertThat(hello(client, 0).path("num_connections").asInt()).isEqualTo(1);

            slack.socketMode().faults().duplicateNext(1);
            says("hello").awaitAcknowledged(NodeProgram.BOUND);
            slack.user("ada").command("/deploy", "1.4.2", "#general");
            slack.awaitBotMessage(
                    "#general", message -> message.text().equals("took /deploy 1.4.2"), NodeProgram.BOUND);

            assertThat(slack.socketMode().acknowledgements())
                    .extracting(Acknowledgement::known)
                    .containsExactly(true, false, true); // the SDK takes a copy of an envelope for another one
        }
    }

    @Test
    void aWarningAndAResetAreEachFollowedByAnotherConnection() throws Exception {
        try (NodeProgram client = NodeProgram.start(slack, "socket-mode.js")) {
            client.await("started");
            hello(client, 0);

            int warned = client.mark();
            slack.socketMode().faults().disconnect(DisconnectReason.WARNING);
            hello(client, warned);
            assertThat(says("after the warning")
                            .awaitAcknowledged(NodeProgram.BOUND)
                            .way())
                    .isEqualTo("socket 2");

            int reset = client.mark();
            slack.socketMode().faults().reset();
            client.await("close", reset, each -> true);
            Occurrence missed = says("into the gap");
            hello(client, reset);

            Attempt taken = missed.awaitAcknowledged(NodeProgram.BOUND);
            assertThat(taken.way()).isEqualTo("socket 3");
            assertThat(taken.reason()).isEqualTo("connection_failed");
            JsonNode told = client.await(
                    "message", reset, each -> Json.text(each, "text").equals("into the gap"));
            assertThat(told.path("retry").asInt()).isEqualTo(taken.number());
            assertThat(Json.text(told, "reason")).isEqualTo("connection_failed");
            assertThat(slack.calls("apps.connections.open")).hasSize(3);
        }
    }

    @Test
    void anAddressThatIsRefusedForGoodIsNotAskedForAgain() throws Exception {
        slack.apiFaults().next("apps.connections.open", 2, ApiFault.error("invalid_auth"));
        try (NodeProgram client = NodeProgram.start(slack, "socket-mode.js")) {
            assertThat(Json.text(client.await("refused"), "message")).contains("invalid_auth");
            assertThat(slack.calls("apps.connections.open")).hasSize(1);
        }
    }

    private Occurrence says(String text) {
        return slack.user("ada").says("#general", text).occurrences().get(0);
    }

    private static JsonNode hello(NodeProgram client, int from) throws InterruptedException {
        return client.await("frame", from, each -> Json.text(each, "type").equals("hello"));
    }
}
