package dev.slackline.app;

import dev.slackline.app.brokers.TestBroker;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** What a user sees with {@code QUEUE_BACKEND} naming a broker that is started once for all of it; a subclass for each. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class OnBroker {

    private final Function<Path, TestBroker> preparing;
    private @Nullable TestBroker started;

    OnBroker(Function<Path, TestBroker> preparing) {
        this.preparing = preparing;
    }

    @BeforeAll
    void startBroker(@TempDir Path folder) {
        TestBroker broker = preparing.apply(folder);
        started = broker;
        broker.control().start();
    }

    @AfterAll
    void stopBroker() {
        if (started != null) { // null where it is not installed
            started.close();
        }
    }

    private TestBroker broker() {
        return Objects.requireNonNull(started, "the broker");
    }

    @Nested
    final class Commands extends BrokerCommands {
        Commands() {
            super(broker());
        }
    }

    @Nested
    final class Demos extends BrokerDemos {
        Demos() {
            super(broker());
        }
    }

    @Nested
    final class Failures extends BrokerFailures {
        Failures() {
            super(broker());
        }
    }

    @Nested
    final class Inboxes extends BrokerInboxes {
        Inboxes() {
            super(broker());
        }
    }

    @Nested
    final class Moves extends BrokerMoves {
        Moves() {
            super(broker());
        }
    }
}
