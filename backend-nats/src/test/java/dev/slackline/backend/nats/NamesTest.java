package dev.slackline.backend.nats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NamesTest {

    private static final List<String> KEYS = List.of(
            "event.app_mention",
            "a..b",
            ".",
            "*",
            ">",
            "a.>",
            "a b",
            " ",
            "%",
            "%20",
            "$only.bots.x",
            "größe",
            "\uD83D\uDE80",
            "e\u0301",
            "\u00e9",
            "T123/C456",
            "x".repeat(255),
            ".".repeat(255));

    private final Names names = new Names("slack_events");

    @Test
    void aPlainKeyIsTheSubject() {
        assertThat(names.subject("event.app_mention")).isEqualTo("slack_events.event.app_mention");
    }

    @Test
    void everyKeyComesBackAndNoTwoMeet() {
        Set<String> subjects = new TreeSet<>();
        for (String key : KEYS) {
            String subject = names.subject(key);
            assertThat(subject).matches("slack_events(\\.[A-Za-z0-9_%-]+)+");
            assertThat(names.key(subject)).isEqualTo(key);
            assertThat(names.onlyFor(subject)).isNull();
            subjects.add(subject);
        }
        assertThat(subjects).hasSameSizeAs(KEYS);
    }

    @Test
    void aSubjectForOneGroupTellsGroupAndKey() {
        for (String key : KEYS) {
            String subject = names.subject("bots", key);
            assertThat(names.onlyFor(subject)).isEqualTo("bots");
            assertThat(names.key(subject)).isEqualTo(key);
        }
    }

    @Test
    void aSubjectThatIsNoneOfOursHasNoKey() {
        assertThat(names.key("slack_events.%zz")).isNull();
        assertThat(names.key("slack_events.%C3")).isNull();
        assertThat(names.key("slack_events.a%2")).isNull();
        assertThat(names.key("slack_events.%61"))
                .as("an 'a' that nobody would encode")
                .isNull();
        assertThat(names.key("slack_events.$only.bots")).isNull();
    }

    @Test
    void anIdIsOneTokenWhateverItHolds() {
        assertThat(names.dead("bots", "a.b*c> d")).isEqualTo("slack_events-dead.bots.a%2Eb%2Ac%3E%20d");
    }
}
