package dev.slackline.app.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenedTest {

    private final List<String> closed = new ArrayList<>();

    @Test
    void whatIsOpenIsClosedWhenALaterPartFails() {
        assertThatThrownBy(() -> Opened.allOrNone(parts -> {
                    parts.keep(() -> closed.add("first"));
                    parts.keep(() -> {
                        throw new IllegalStateException("cannot be closed");
                    });
                    parts.keep(() -> closed.add("third"));
                    throw new IllegalArgumentException("cannot be opened");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot be opened")
                .satisfies(error -> assertThat(error.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("cannot be closed"));
        assertThat(closed).containsExactly("third", "first");
    }

    @Test
    void whatAllOpenedStaysOpenUntilItIsClosed() {
        Opened parts = Opened.allOrNone(opening -> {
            opening.keep(() -> closed.add("only"));
            return opening;
        });
        assertThat(closed).isEmpty();

        parts.close();
        parts.close();

        assertThat(closed).containsExactly("only");
    }
}
