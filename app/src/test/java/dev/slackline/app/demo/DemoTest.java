package dev.slackline.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Env;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void theDemoLosesNothing() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();

        boolean clean = new Demo(60, DemoTopic.on("sqlite", Env.of(Map.of()), folder), told::add).run();

        assertThat(clean).isTrue();
        assertThat(String.join("\n", told))
                .containsPattern("sent +60 .*: 30 over HTTP, 30 over Socket Mode")
                .containsPattern("stored +60 ")
                .containsPattern("handled +60 ")
                .containsPattern("answered +60 .*; 0 answers too many")
                .containsPattern("duplicates +0 ")
                .containsPattern("forged +0 ")
                .containsPattern("lost +0")
                .contains("refused 6 of them", "12 of these a second time", "6 forgeries")
                .contains("1 it could not handle at all became a dead letter")
                .contains("GET /health/ready 200, GET /metrics 200, GET / 200");
    }

    @Test
    void aBackendWhoseTopicsItCannotTellApartIsLeftAlone() {
        assertThatThrownBy(() -> DemoTopic.on("memory", Env.of(Map.of()), folder))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("memory")
                .hasMessageContaining("--backend");
    }

    @Test
    void theLedgerIsNotCleanWhenSomethingIsMissingOrTooMuch() {
        assertThat(ledger().isClean()).isTrue();

        Ledger unhandled = new Ledger(1);
        unhandled.sent("Ev1", Intake.HTTP);
        unhandled.stored("Ev1");
        assertThat(unhandled.isClean()).isFalse();
        assertThat(unhandled.lost()).containsExactly("Ev1");

        Ledger unanswered = ledger();
        unanswered.answered("Ev1", 0);
        assertThat(unanswered.isClean()).isFalse();
        assertThat(unanswered.lost()).containsExactly("Ev1");

        Ledger answeredTwice = ledger();
        answeredTwice.answered("Ev1", 2);
        assertThat(answeredTwice.isClean()).isFalse();

        Ledger forged = ledger();
        forged.forgeryTaken();
        assertThat(forged.isClean()).isFalse();
    }

    private static Ledger ledger() {
        Ledger ledger = new Ledger(1);
        ledger.sent("Ev1", Intake.SOCKET_MODE);
        ledger.stored("Ev1");
        ledger.handled("Ev1");
        ledger.answered("Ev1", 1);
        return ledger;
    }
}
