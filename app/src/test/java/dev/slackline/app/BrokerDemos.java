package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.app.InProcess.Result;
import dev.slackline.app.brokers.TestBroker;
import dev.slackline.queue.testkit.Await;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The demo, which leaves a broker as it was. */
abstract class BrokerDemos extends OnTopic {

    BrokerDemos(TestBroker broker) {
        super(broker);
    }

    @Test
    void theDemoLosesNothingAndLeavesTheBrokerAsItWas() {
        slackline.run("publish", "k", "{}");
        Set<String> before = broker.contents();

        Result chosen = slackline.run("demo", "--events", "30");
        Result named =
                slackline.with("QUEUE_BACKEND", "sqlite").run("demo", "--events", "30", "--backend", broker.backend());

        assertThat(chosen.err() + named.err()).isEmpty();
        assertThat(chosen.out()).contains(" slackline_demo_", "Nothing was lost.");
        assertThat(named.out()).contains(" slackline_demo_", "Nothing was lost.");
        assertThat(chosen.exitCode() + named.exitCode()).isZero();
        assertThat(before).anyMatch(name -> name.contains(topic));
        isAgain(before);
    }

    @Test
    void aDemoThatIsInterruptedLeavesNothingBehind() throws Exception {
        Set<String> before = broker.contents();
        try (SlacklineProcess demo = SlacklineProcess.start(folder, environment(), "demo", "--events", "100000")) {
            SlacklineProcess.await("it is under way", () -> demo.out().contains("Slackline listens"));
            assertThat(broker.contents()).anyMatch(name -> name.contains("slackline_demo_"));
            demo.interrupt();
            assertThat(demo.exitCode()).isEqualTo(130);
            assertThat(demo.err()).doesNotContain("\tat ");
        }
        isAgain(before);
    }

    private void isAgain(Set<String> before) {
        Await.until(
                () -> "at the broker is " + broker.contents() + ", before was " + before,
                Await.bound(),
                () -> broker.contents().equals(before));
    }
}
