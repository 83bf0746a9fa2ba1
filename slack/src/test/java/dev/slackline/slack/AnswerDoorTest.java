package dev.slackline.slack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import dev.slackline.queue.Worker;
import dev.slackline.slack.answer.AnswerDesk;
import dev.slackline.slack.answer.AnswerOutcome;
import dev.slackline.slack.answer.AnswerSender;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The synchronous lane from the signed request to the acknowledgement, with the handler behind HTTP. */
class AnswerDoorTest {

    private static final Payload ERRORS =
            Payload.parse("{\"response_action\":\"errors\",\"errors\":{\"title\":\"too short\"}}");
    private static final String SUBMISSION =
            Samples.interaction("{\"type\":\"view_submission\",\"team\":{\"id\":\"T1\"},"
                    + "\"user\":{\"id\":\"U1\"},\"trigger_id\":\"1.2.3\",\"view\":{\"callback_id\":\"ticket\"}}");

    private final Door door = Door.answering();

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void aHandlerOfAnotherProcessAnswersInTheAcknowledgement() throws Exception {
        CompletableFuture<AnswerOutcome> outcome = new CompletableFuture<>();
        AnswerSender sender = new AnswerSender(Queue.DEFAULT_GROUP, null, Duration.ofSeconds(30));
        try (Worker worker = Worker.start(
                door.queue,
                Queue.DEFAULT_GROUP,
                1,
                delivery -> outcome.complete(sender.send(delivery.message(), Optional.of(ERRORS))))) {
            HttpResponse<String> response = door.send(door.signed(SUBMISSION));

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("content-type")).contains("application/json");
            assertThat(Payload.parse(response.body())).isEqualTo(ERRORS);
        }
        assertThat(outcome).isCompletedWithValue(AnswerOutcome.TAKEN);
        assertThat(door.count(IntakeAnswer.ANSWERED)).hasValue(1);
    }

    @Test
    void withoutAHandlerThePlainAcknowledgementGoesOutAndTheMessageIsStored() throws Exception {
        try (Door hasty = Door.answering(Duration.ofMillis(200))) {
            HttpResponse<String> response = hasty.send(hasty.signed(SUBMISSION));

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEmpty();
            Message stored = hasty.onlyStored();
            assertThat(new AnswerSender(Queue.DEFAULT_GROUP, null, Duration.ofSeconds(30))
                            .send(stored, Optional.of(ERRORS)))
                    .isEqualTo(AnswerOutcome.TOO_LATE);
        }
    }

    @Test
    void aForgedAnswerIsRefused() throws Exception {
        String body = "{\"id\":\"x\",\"key\":\"interaction.view_submission\",\"group\":\"default\",\"answer\":{}}";

        assertThat(post("Bearer w.forged", body)).isEqualTo(401);
        assertThat(post("Basic w.forged", body)).isEqualTo(401);
        assertThat(post("Bearer w.forged", "{}")).isEqualTo(400);
        assertThat(post("Bearer w.forged", "[")).isEqualTo(400);
        assertThat(post("Bearer w.forged", "{\"id\":\"" + "x".repeat(1 << 20) + "\"}"))
                .isEqualTo(413);
    }

    @Test
    void onlyAPostIsAnAnswer() throws Exception {
        HttpResponse<String> response = door.send(HttpRequest.newBuilder(door.uri(AnswerDesk.PATH)));

        assertThat(response.statusCode()).isEqualTo(405);
    }

    @Test
    void anAddressThatIsNoAnswerDeskIsNotCalled() throws Exception {
        AnswerSender sender = new AnswerSender(Queue.DEFAULT_GROUP, null);
        for (String address : List.of(
                "file:///slack/answers", "http://127.0.0.1:9/elsewhere", "not an address", "http:///slack/answers")) {
            Message message = Message.of("interaction.view_submission", ERRORS)
                    .withHeaders(Map.of(AnswerDesk.ADDRESS_HEADER, address, AnswerDesk.TOKEN_HEADER, "w.x"));

            assertThat(sender.isWelcome(message)).isFalse();
            assertThat(sender.send(message, Optional.of(ERRORS))).isEqualTo(AnswerOutcome.TOO_LATE);
        }
    }

    private int post(String authorization, String body) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(door.uri(AnswerDesk.PATH))
                                .header("authorization", authorization)
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
