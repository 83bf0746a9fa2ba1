package dev.slackline.backend.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WireTest {

    private static final Instant NOW = Instant.parse("2031-01-02T03:04:05.678Z");

    private final Message message = new Message(
            "id-1",
            "event.x",
            "T/C",
            NOW.minusSeconds(60),
            Map.of("slack-team", "T", "CC", "x", "slackline-attempt", "9", "x-delivery-count", "9"),
            Payload.parse("{ \"a\" : 1 }"));

    @Test
    void aMessageComesBackAsItWas() {
        Wire.Packed packed = Wire.pack(message);
        Story story = Wire.unpack("event.x", packed.properties(), packed.body(), NOW);
        assertThat(story).isEqualTo(Story.first(message));
    }

    @Test
    void itsHistoryComesBackFromAQueueThatHasLostTheKey() {
        Story story = new Story(message, 3, List.of(new Death(NOW, 5, "first")), 77);
        Wire.Packed packed = Wire.packForQueue(story);
        assertThat(Wire.unpack("some.queue", packed.properties(), packed.body(), NOW))
                .isEqualTo(story);
    }

    @Test
    void headersBeyondAFrameGoIntoTheBody() {
        Map<String, String> large = new HashMap<>();
        for (int i = 0; i < 64; i++) {
            large.put("h" + i, "x".repeat(8192));
        }
        Story story = new Story(message.withHeaders(large), 2, List.of(new Death(NOW, 5, "first")), 0);
        Wire.Packed packed = Wire.packForQueue(story);
        assertThat(packed.properties().getHeaders()).doesNotContainKey("h0").containsKey(Headers.IN_BODY);
        assertThat(Wire.unpack("some.queue", packed.properties(), packed.body(), NOW))
                .isEqualTo(story);
    }

    @Test
    void whatSaysNothingAboutItselfHasAnIdOfItsContent() {
        BasicProperties none = new BasicProperties();
        byte[] body = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
        Message one = Wire.unpack("k", none, body, NOW).message();
        assertThat(one.id())
                .startsWith("foreign-")
                .isEqualTo(Wire.unpack("k", none, body, NOW.plusSeconds(1))
                        .message()
                        .id());
        assertThat(one.key()).isEqualTo("k");
        assertThat(one.publishedAt()).isEqualTo(NOW);
        assertThat(Wire.unpack("other", none, body, NOW).message().id()).isNotEqualTo(one.id());
        assertThat(Wire.unpack("", none, body, NOW).message().key()).isEqualTo("malformed");
    }

    @Test
    void aLongReasonIsCutBetweenCharacters() {
        Story story = Story.first(message).buried(NOW, "x".repeat(1999) + "\uD83D\uDE80 and more");
        Wire.Packed packed = Wire.packForQueue(story);
        Death death = Wire.unpack("q", packed.properties(), packed.body(), NOW)
                .deaths()
                .get(0);
        assertThat(death.reason()).isEqualTo("x".repeat(1999) + "…");
        assertThat(death.attempts()).isEqualTo(1);
    }

    @Test
    void halfACharacterInTheHeadersOfAnotherProgramStopsNothing() {
        String front = "{\"slackline-headers\":{\"half\":\"\\ud800\",\"whole\":\"x\"}}";
        BasicProperties properties = new BasicProperties.Builder()
                .headers(Map.of(Headers.IN_BODY, front.length()))
                .build();
        byte[] body = (front + "{\"a\":1}").getBytes(StandardCharsets.UTF_8);
        Message read = Wire.unpack("k", properties, body, NOW).message();
        assertThat(read.headers()).isEqualTo(Map.of("whole", "x"));
        assertThat(read.payload()).isEqualTo(Payload.parse("{\"a\":1}"));
    }
}
