package dev.slackline.slack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Message;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlackMappingTest {

    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"message\",\"channel\":\"C1\"}                              | event.message              | T1/C1",
                "{\"type\":\"message\",\"subtype\":\"bot_message\",\"channel\":\"C1\"}  | event.message.bot_message  | T1/C1",
                "{\"type\":\"message\",\"subtype\":null,\"channel\":\"C1\"}             | event.message              | T1/C1",
                "{\"type\":\"channel_created\",\"channel\":{\"id\":\"C2\",\"name\":\"x\"}} | event.channel_created   | T1/C2",
                "{\"type\":\"file_shared\",\"channel_id\":\"C3\"}                       | event.file_shared          | T1/C3",
                "{\"type\":\"reaction_added\",\"item\":{\"type\":\"message\",\"channel\":\"C4\"}} | event.reaction_added | T1/C4",
                "{\"type\":\"assistant_thread_started\",\"assistant_thread\":{\"channel_id\":\"D5\"}} | event.assistant_thread_started | T1/D5",
                "{\"type\":\"team_join\",\"user\":{\"id\":\"U1\"}}                      | event.team_join            | T1",
                "{\"channel\":\"C1\"}                                                   | unknown.event_callback     | T1",
                "\"text\"                                                               | unknown.event_callback     | T1",
                "{\"type\":[\"message\"]}                                               | unknown.event_callback     | T1"
            })
    void eventsGoByTypeAndChannel(String inner, String key, String orderingKey) {
        Message message = stored(Samples.event("Ev9", inner));
        assertThat(message.key()).isEqualTo(key);
        assertThat(message.orderingKey()).isEqualTo(orderingKey);
        assertThat(message.id()).isEqualTo("Ev9");
    }

    @Test
    void headersTellWhereItCameFrom() {
        Message message = stored(Samples.MENTION, new Arrival(Door.NOW, "1", "2", "http_error", TRACE));
        assertThat(message.headers())
                .isEqualTo(Map.of(
                        "slack-team", "T123ABC456",
                        "slack-type", "event_callback",
                        "slack-retry-num", "2",
                        "slack-retry-reason", "http_error",
                        "received-at", "2026-03-04T05:06:07.089Z",
                        "traceparent", TRACE));
    }

    @ParameterizedTest
    @CsvSource({"00-xyz", "''", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"})
    void aBrokenTraceIsLeftOut(String trace) {
        Message message = stored(Samples.MENTION, new Arrival(Door.NOW, "1", null, null, trace));
        assertThat(message.headers()).containsOnlyKeys("slack-team", "slack-type", "received-at");
    }

    @Test
    void hostileNamesBecomeHashesAndTheMessageIsKept() {
        String hostile = "x".repeat(300);
        Message long1 = stored(Samples.event("Ev" + hostile, "{\"type\":\"" + hostile + "\"}"));
        assertThat(long1.id()).startsWith("sha256-").hasSize(71);
        assertThat(long1.key()).startsWith("event.sha256-");
        Message controls = stored(Samples.event("E\\u0000v", "{\"type\":\"a\\nb\",\"channel\":\"C\\r1\"}"));
        assertThat(controls.id()).startsWith("sha256-");
        assertThat(controls.key()).startsWith("event.sha256-");
        assertThat(controls.orderingKey()).startsWith("sha256-");
        Message half1 = stored(Samples.event("\\ud800", "{\"type\":\"a\"}"));
        Message half2 = stored(Samples.event("\\ud801", "{\"type\":\"a\"}"));
        assertThat(half1.id()).isNotEqualTo(half2.id());
        Message headers = stored(Samples.MENTION, new Arrival(Door.NOW, "1", "9".repeat(9_000), "a\u0001b", null));
        assertThat(headers.headers().get("slack-retry-num")).startsWith("sha256-");
        assertThat(headers.headers().get("slack-retry-reason")).startsWith("sha256-");
    }

    @Test
    void namesThatLookDangerousStayAsTheyAre() {
        Message message = stored(Samples.event("Ev'; DROP TABLE", "{\"type\":\"a.*.>#\",\"channel\":\"../é\"}"));
        assertThat(message.id()).isEqualTo("Ev'; DROP TABLE");
        assertThat(message.key()).isEqualTo("event.a.*.>#");
        assertThat(message.orderingKey()).isEqualTo("T1/../é");
    }

    @Test
    void anEventWithoutAnIdIsKnownByItsBody() {
        String body = "{\"type\":\"event_callback\",\"team_id\":\"T1\",\"event\":{\"type\":\"message\",\"n\":1}}";
        Message first = stored(body, new Arrival(Door.NOW, "100", null, null, null));
        Message retry = stored(body, new Arrival(Door.NOW, "160", "1", "http_timeout", null));
        Message other = stored(body.replace("\"n\":1", "\"n\":2"));
        assertThat(retry.id()).isEqualTo(first.id());
        assertThat(other.id()).isNotEqualTo(first.id());
    }

    @Test
    void aTeamlessEventBelongsToItsEnterpriseOrNowhere() {
        String body = "{\"type\":\"event_callback\",\"team_id\":null,\"enterprise_id\":\"E1\",\"event_id\":\"Ev1\","
                + "\"event\":{\"type\":\"message\",\"channel\":\"C1\"}}";
        assertThat(stored(body).orderingKey()).isEqualTo("E1/C1");
        assertThat(stored(body.replace("\"E1\"", "null")).orderingKey()).isNull();
    }

    @Test
    void theLastOfRepeatedNamesCounts() {
        Message message = stored("{\"event\":{\"type\":\"a\",\"subtype\":\"b\"},\"type\":\"x\",\"event_id\":\"Ev1\","
                + "\"type\":\"event_callback\",\"event\":{\"type\":\"c\"}}");
        assertThat(message.key()).isEqualTo("event.c");
    }

    @Test
    void commandsAreOrderedByChannel() {
        Message message = stored(Samples.COMMAND);
        assertThat(message.orderingKey()).isEqualTo("T0001/C2147483705");
        assertThat(message.headers()).containsEntry("slack-type", "slash_command");
        assertThat(stored("command=%2F&text=x").key()).isEqualTo("unknown");
        assertThat(stored("command=plain&text=x").key()).isEqualTo("command.plain");
    }

    @Test
    void aFormOfNoKnownKindIsParkedWithAllItsFields() {
        Message message = stored("a=1&b=2&a=3&empty=&&");
        assertThat(message.key()).isEqualTo("unknown");
        assertThat(message.payload().text()).isEqualTo("{\"a\":[\"1\",\"3\"],\"b\":\"2\",\"empty\":\"\"}");
    }

    @Test
    void aCommandThatMentionsSslCheckIsStillACommand() {
        assertThat(stored("command=%2Fx&ssl_check=1&trigger_id=1.2").key()).isEqualTo("command.x");
        assertThat(SlackMapping.map(bytes("ssl_check=0"), arrival("1"))).isInstanceOf(Incoming.Storable.class);
    }

    @Test
    void interactionsAreKnownByTriggerOrActionTime() {
        String modal =
                "{\"type\":\"view_submission\",\"user\":{\"id\":\"U1\",\"team_id\":\"T1\"},\"trigger_id\":\"1.2\"}";
        Message submission = stored(Samples.interaction(modal));
        assertThat(submission.key()).isEqualTo("interaction.view_submission");
        assertThat(submission.orderingKey()).isEqualTo("T1/U1");
        Message closed = stored(Samples.interaction(modal.replace("view_submission", "view_closed")));
        assertThat(closed.id()).isNotEqualTo(submission.id());
        Message shortcut = stored(Samples.interaction(
                "{\"type\":\"shortcut\",\"team\":{\"id\":\"T1\"},\"user\":{\"id\":\"U1\"},\"action_ts\":\"1.5\"}"));
        Message again = stored(Samples.interaction(
                "{\"action_ts\":\"1.5\",\"type\":\"shortcut\",\"team\":{\"id\":\"T1\"},\"user\":{\"id\":\"U1\"}}"));
        assertThat(again.id()).isEqualTo(shortcut.id());
    }

    @Test
    void theSameInteractionAtAnotherTimeIsAnotherOne() {
        String form = Samples.interaction("{\"type\":\"block_suggestion\",\"value\":\"a\"}");
        Message first = stored(form, arrival("100"));
        assertThat(stored(form, arrival("100")).id()).isEqualTo(first.id());
        assertThat(stored(form, arrival("101")).id()).isNotEqualTo(first.id());
    }

    @Test
    void rateLimitNoticesOfTwoAppsAreTwo() {
        Message one = stored(Samples.RATE_LIMITED);
        Message two = stored(Samples.RATE_LIMITED.replace("A123456", "A2"));
        assertThat(one.id()).isEqualTo("app_rate_limited/T123456/1518467820/A123456");
        assertThat(two.id()).isEqualTo("app_rate_limited/T123456/1518467820/A2");
    }

    @Test
    void deepAndWideJsonIsStored() {
        String deep = "[".repeat(1_500) + "]".repeat(1_500);
        assertThat(stored(Samples.event("Ev1", "{\"type\":\"deep\",\"x\":" + deep + "}"))
                        .key())
                .isEqualTo("event.deep");
        String number = "9".repeat(5_000);
        assertThat(stored(Samples.event("Ev1", "{\"type\":\"n\",\"channel\":" + number + "}"))
                        .orderingKey())
                .startsWith("sha256-");
        assertThat(SlackMapping.map(bytes("{\"a\":" + "[".repeat(100_000)), arrival("1")))
                .isInstanceOf(Incoming.Malformed.class);
    }

    @Test
    void aFormOfTooManyFieldsIsRefused() {
        assertThat(SlackMapping.map(bytes("a=1&".repeat(1_001)), arrival("1"))).isInstanceOf(Incoming.Malformed.class);
    }

    @Test
    void whatIsSaidOfABrokenBodyDoesNotQuoteIt() {
        Incoming broken = SlackMapping.map(bytes("{\"password\":hunter2}"), arrival("1"));
        assertThat(broken.toString()).contains("malformed near byte").doesNotContain("hunter2");
    }

    private static Message stored(String body) {
        return stored(body, arrival("1772600767"));
    }

    private static Message stored(String body, Arrival arrival) {
        Incoming incoming = SlackMapping.map(bytes(body), arrival);
        assertThat(incoming).isInstanceOf(Incoming.Storable.class);
        return ((Incoming.Storable) incoming).message();
    }

    private static Arrival arrival(@Nullable String timestamp) {
        return new Arrival(Instant.EPOCH, String.valueOf(timestamp), null, null, null);
    }

    private static byte[] bytes(String body) {
        return body.getBytes(StandardCharsets.UTF_8);
    }
}
