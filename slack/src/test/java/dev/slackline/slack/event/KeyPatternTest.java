package dev.slackline.slack.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class KeyPatternTest {

    @Test
    void aPatternWithoutAStarIsTheKeyItself() {
        assertThat(KeyPattern.of("event.message").matches("event.message")).isTrue();
        assertThat(KeyPattern.of("event.message").matches("event.message.bot_message"))
                .isFalse();
        assertThat(KeyPattern.of("event.message").matches("eventXmessage")).isFalse();
    }

    @Test
    void aStarStandsForAnyCharacters() {
        assertThat(KeyPattern.of("event.message.*").matches("event.message.bot_message"))
                .isTrue();
        assertThat(KeyPattern.of("event.message.*").matches("event.message")).isFalse();
        assertThat(KeyPattern.of("*").matches("unknown")).isTrue();
        assertThat(KeyPattern.of("approve_*_now").matches("approve_42\n_now")).isTrue();
    }

    @Test
    void whatMeansSomethingInRegularExpressionsMeansNothingHere() {
        assertThat(KeyPattern.of("a\\E.\\Qb(").matches("a\\E.\\Qb(")).isTrue();
        assertThat(KeyPattern.of("a+").matches("aa")).isFalse();
    }

    @Test
    void starsMayTouchAndMatchNothing() {
        assertThat(KeyPattern.of("event.**").matches("event.")).isTrue();
        assertThat(KeyPattern.of("*a*b*").matches("xxaxxbxx")).isTrue();
        assertThat(KeyPattern.of("*a*b").matches("ab.abc")).isFalse();
        assertThat(KeyPattern.of("*ab").matches("aab")).isTrue();
        assertThat(KeyPattern.of("a*").matches("")).isFalse();
    }

    @Test
    @Timeout(20)
    void aPatternOfAStrangerCannotHoldAnybodyUp() {
        KeyPattern hostile = KeyPattern.of("*a".repeat(120) + "*b");

        assertThat(hostile.matches("a".repeat(255))).isFalse();
    }

    @Test
    void anEmptyPatternIsRefused() {
        assertThatThrownBy(() -> KeyPattern.of("")).isInstanceOf(IllegalArgumentException.class);
    }
}
