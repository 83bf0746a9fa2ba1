package dev.slackline.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WireTest {

    private static final List<String> FIELDS = List.of("id", "key", "at", "ordering-key", "headers", "payload");

    @Test
    void aMessageIsTheSameAfterwards() {
        Message message = new Message(
                "m1",
                "event.x",
                "T/C",
                Instant.parse("2031-01-02T03:04:05.678Z"),
                Map.of("größe", "日本\n", "empty", ""),
                Payload.parse("{ \"a\" : -0.0 }"));
        List<byte[]> packed = Wire.pack(message);
        List<@Nullable Object> fields = new ArrayList<>();
        for (int i = 0; i < packed.size(); i++) {
            fields.add(bytes(FIELDS.get(i)));
            fields.add(packed.get(i));
        }
        Wire.Entry entry = Wire.read("1-0", Answer.of(fields));
        assertThat(entry.message()).isEqualTo(message);
        assertThat(entry.lane()).isEqualTo(bytes("T/C"));
        assertThat(entry.deaths()).isEmpty();
    }

    @Test
    void anEntryOfAnotherProgramIsNamedByItsId() {
        Message message = read("1700000000000-7", "payload", "{}").message();
        assertThat(message.id()).isEqualTo("foreign-1700000000000-7");
        assertThat(message.key()).isEqualTo("foreign");
        assertThat(message.publishedAt()).isEqualTo(Instant.ofEpochMilli(1_700_000_000_000L));
        assertThat(message.payload().problem()).isEmpty();
    }

    @Test
    void anEntryWithoutPayloadIsNoJsonObject() {
        assertThat(read("1-0", "x", "y").message().payload().problem()).isPresent();
    }

    @Test
    void whatWasBuriedKeepsTheIdItHadThen() {
        assertThat(read("9-0", "message-id", "foreign-1-0", "payload", "{}")
                        .message()
                        .id())
                .isEqualTo("foreign-1-0");
    }

    @Test
    void deathsAreTheSameAfterwards() {
        List<Death> deaths = List.of(
                new Death(Instant.ofEpochMilli(1), 5, "first"), new Death(Instant.ofEpochMilli(2), 1, "„second“"));
        Wire.Entry entry = read("1-0", "deaths", new String(Wire.pack(deaths), StandardCharsets.UTF_8));
        assertThat(entry.deaths()).isEqualTo(deaths);
    }

    @Test
    void aKeyWithAZeroIsNoLaneOfTheServer() {
        Wire.Entry entry = read("1-0", "ordering-key", "a\u0000b", "payload", "{}");
        assertThat(entry.lane()).isEmpty();
        assertThat(entry.message().orderingKey()).isNull();
    }

    private static Wire.Entry read(String id, String... fields) {
        List<@Nullable Object> parts = new ArrayList<>();
        for (String field : fields) {
            parts.add(bytes(field));
        }
        return Wire.read(id, Answer.of(parts));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
