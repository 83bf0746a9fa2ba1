package dev.slackline.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {

    private static final Payload EMPTY = Payload.parse("{}");

    @ParameterizedTest
    @ValueSource(strings = {"event.a", "a;b\"c", "*", ">", "#", "a/b c", "日本語", "'; DROP TABLE message; --"})
    void hostileKeysAreKept(String key) {
        assertThat(Message.of(key, EMPTY).key()).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\nb", "a\u0000b", "\uD800"})
    void keysThatCannotTravelAreRefused(String key) {
        assertThatThrownBy(() -> Message.of(key, EMPTY)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keysAreBoundedInBytes() {
        assertThat(Message.of("é".repeat(127), EMPTY).key()).hasSize(127);
        assertThatThrownBy(() -> Message.of("é".repeat(128), EMPTY)).hasMessageContaining("255 bytes");
    }

    @Test
    void whatMayBeANameCanBeAskedBefore() {
        assertThat(Message.isName("😀".repeat(63))).isTrue();
        assertThat(Message.isName("😀".repeat(64))).isFalse();
        assertThat(Message.isName("語".repeat(85))).isTrue();
        assertThat(Message.isName("語".repeat(86))).isFalse();
        assertThat(Message.isName("\uDE00\uD83D")).isFalse();
        assertThat(Message.isName("a\uD83D")).isFalse();
        assertThat(Message.isName("\u0085")).isFalse();
        assertThat(Message.isName("")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b", "a b", "a*", "gruppe-ä", "../x", "a;b"})
    void groupNamesFollowOneRule(String name) {
        assertThatThrownBy(() -> Message.requireGroupName(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("letters, digits");
    }

    @Test
    void tooManyHeadersAreRefused() {
        Map<String, String> headers = new HashMap<>();
        for (int i = 0; i < 65; i++) {
            headers.put("h" + i, "");
        }
        assertThatThrownBy(() -> Message.of("k", EMPTY).withHeaders(headers)).hasMessageContaining("65 headers");
    }

    @Test
    void idsGrowWithTime() throws InterruptedException {
        Message first = Message.of("k", EMPTY);
        Message second;
        do {
            second = Message.of("k", EMPTY);
        } while (second.publishedAt().equals(first.publishedAt()));
        assertThat(second.id()).isGreaterThan(first.id());
    }
}
