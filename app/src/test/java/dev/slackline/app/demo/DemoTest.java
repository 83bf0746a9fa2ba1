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
                .containsPattern("sent +60 ")
                .containsPattern("stored +60 ")
                .containsPattern("handled +60 ")
                .containsPattern("duplicates +0 ")
                .containsPattern("lost +0")
                .containsPattern("6 events were answered 503")
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
    void theLedgerIsNotCleanWhenAnEventIsMissingOrAForgeryGotIn() {
        Ledger missing = new Ledger(1);
        missing.sent("Ev1");
        missing.stored("Ev1");
        Ledger forged = new Ledger(1);
        forged.sent("Ev1");
        forged.handled("Ev1");
        forged.forgeryTaken();

        assertThat(missing.isClean()).isFalse();
        assertThat(missing.lost()).containsExactly("Ev1");
        assertThat(forged.isClean()).isFalse();
    }
}
