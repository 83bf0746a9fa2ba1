package dev.slackline.backend.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import io.nats.client.impl.Headers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WireTest {

    private static final Instant NOW = Instant.parse("2031-01-02T03:04:05.678Z");
    private static final byte[] BODY = Payload.parse("{\"a\":1}").bytes();

    @Test
    void everyIdAndHeaderComesBack() {
        Map<String, String> headers = Map.of(
                "traceparent", "00-1-2-01",
                "Traceparent", "another one",
                "empty", "",
                "lines", "a\r\nb\tc",
                "edges", " x ",
                "größe", "日本 \uD83D\uDE80 100%",
                "Nats-Msg-Id", "not ours",
                "slackline-id", "not ours either",
                "a:b", "colon");
        for (String id : List.of("Ev123", "größe", "a b", "%", "100%", "%41", ":", "x".repeat(255))) {
            Message sent = new Message(id, "event.x", "T/ü", NOW, headers, Payload.parse("{\"a\":1}"));
            Headers packed = Wire.pack(sent, Percent.VALUE.encode(id));
            assertThat(Wire.unpack(packed, "event.x", BODY, 7, Instant.EPOCH).message())
                    .isEqualTo(sent);
        }
    }

    @Test
    void aPlainMessageCarriesNothingThatOthersCannotRead() {
        Message sent = new Message("Ev123", "event.x", null, NOW, Map.of("slack-team", "T 1"), Payload.parse("{}"));
        assertThat(Wire.pack(sent, "Ev123").entrySet())
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrder("Nats-Msg-Id", "slackline-published-at", "slack-team");
    }

    @Test
    void theStoryOfADeadLetterComesBack() {
        Message sent = new Message("Ev123", "a b.c", null, NOW, Map.of(), Payload.parse("{\"a\":1}"));
        List<Death> deaths = List.of(
                new Death(NOW, 5, "größer \"als\" 100% \n…"), new Death(NOW.plusNanos(1000), 1, "x".repeat(3000)));
        Wire.Stored read = Wire.unpack(Wire.pack(sent, null, deaths, true), null, BODY, 7, Instant.EPOCH);
        assertThat(read.message()).isEqualTo(sent);
        assertThat(read.deaths().get(0)).isEqualTo(deaths.get(0));
        assertThat(read.deaths().get(1).reason()).hasSize(2001).endsWith("…");
    }

    @Test
    void whatAnotherProgramPublishedIsNamedAfterItsPlace() {
        Message read = Wire.unpack(null, "order.created", BODY, 7, NOW).message();
        assertThat(read.id()).isEqualTo("foreign-7");
        assertThat(read.key()).isEqualTo("order.created");
        assertThat(read.publishedAt()).isEqualTo(NOW);
        assertThat(read.payload().text()).isEqualTo("{\"a\":1}");
    }

    @Test
    void theIdOfAnotherProgramIsTakenAsItIs() {
        for (String id : List.of("order 66", "50%", "%zz")) {
            assertThat(Wire.id(new Headers().put("Nats-Msg-Id", id), 7)).isEqualTo(id);
        }
        assertThat(Wire.id(new Headers().put("Nats-Msg-Id", "x".repeat(300)), 7))
                .isEqualTo("foreign-7");
    }

    @Test
    void whatIsMalformedIsLeftOut() {
        Headers headers = new Headers()
                .put("slackline-published-at", "99999999999999999999")
                .put("slackline-ordering-key", "%0A")
                .put("slackline-deaths", "no JSON")
                .put("slackline-header-%zz", "x")
                .put("slackline-unknown", "x")
                .put("mine", "x");
        Wire.Stored read = Wire.unpack(headers, null, BODY, 7, NOW);
        assertThat(read.message().publishedAt()).isEqualTo(NOW);
        assertThat(read.message().orderingKey()).isNull();
        assertThat(read.message().key()).isEqualTo("malformed");
        assertThat(read.message().headers()).containsExactly(Map.entry("mine", "x"));
        assertThat(read.deaths()).isEmpty();
    }
}
