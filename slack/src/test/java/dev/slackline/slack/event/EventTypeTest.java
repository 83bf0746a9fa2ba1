package dev.slackline.slack.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class EventTypeTest {

    private static final String NAME = "[a-z][a-z_]*";

    @Test
    void everyTypeHasTheNameOfItsConstantAndIsFoundByIt() {
        for (EventType type : EventType.values()) {
            assertThat(type.type()).isEqualTo(type.name().toLowerCase(Locale.ROOT));
            assertThat(EventType.of(type.type())).contains(type);
        }
        for (MessageSubtype subtype : MessageSubtype.values()) {
            assertThat(subtype.subtype()).isEqualTo(subtype.name().toLowerCase(Locale.ROOT));
            assertThat(MessageSubtype.of(subtype.subtype())).contains(subtype);
        }
        for (InteractionType type : InteractionType.values()) {
            assertThat(type.type()).isEqualTo(type.name().toLowerCase(Locale.ROOT));
            assertThat(InteractionType.of(type.type())).contains(type);
        }
    }

    @Test
    void everyFieldIsNamedOnceAndAsSlackNamesFields() {
        Arrays.stream(EventType.values()).map(EventType::carries).forEach(EventTypeTest::isSound);
        Arrays.stream(MessageSubtype.values()).map(MessageSubtype::carries).forEach(EventTypeTest::isSound);
        Arrays.stream(InteractionType.values()).map(InteractionType::carries).forEach(EventTypeTest::isSound);
    }

    @Test
    void theKeysAreThoseOfTheQueue() {
        assertThat(EventType.APP_MENTION.key()).isEqualTo("event.app_mention");
        assertThat(MessageSubtype.CHANNEL_JOIN.key()).isEqualTo("event.message.channel_join");
        assertThat(InteractionType.VIEW_SUBMISSION.key()).isEqualTo("interaction.view_submission");
    }

    @Test
    void whatIsNotKnownIsNotFound() {
        assertThat(EventType.of("tea_is_ready")).isEmpty();
        assertThat(MessageSubtype.of("")).isEmpty();
        assertThat(InteractionType.of("view")).isEmpty();
    }

    @Test
    void messagesCarryWhatAMessageNeeds() {
        assertThat(EventType.MESSAGE.carries()).contains("channel", "user", "text", "ts", "thread_ts", "channel_type");
        assertThat(EventType.APP_UNINSTALLED.carries()).isEmpty();
        assertThat(MessageSubtype.MESSAGE_CHANGED.carries()).contains("message", "previous_message");
    }

    private static void isSound(List<String> fields) {
        assertThat(new HashSet<>(fields)).hasSameSizeAs(fields);
        assertThat(fields).allMatch(field -> field.matches(NAME));
    }
}
