package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.app.InProcess.Result;
import dev.slackline.app.brokers.TestBroker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A broker that says no, is away, or dies. */
abstract class BrokerFailures extends OnTopic {

    private static final Duration IN_TIME = Duration.ofSeconds(20);

    private final SignedSender slack = new SignedSender();

    BrokerFailures(TestBroker broker) {
        super(broker);
    }

    @Test
    void aWrongPasswordIsSaidAtOnce() {
        broker.wrongPassword().forEach(slackline::with);
        for (String command : new String[] {"serve", "publish k {}", "consume", "groups", "demo"}) {
            long begun = System.nanoTime();
            Result result = slackline
                    .with("QUEUE_PUBLISH_TIMEOUT", "5m")
                    .with("SLACK_SIGNING_SECRET", SlacklineProcess.SECRET)
                    .with("HTTP_PORT", "0")
                    .run(command.split(" "));

            assertThat(result.exitCode()).as(command).isEqualTo(1);
            assertThat(result.err())
                    .as(command)
                    .containsPattern("(localhost|127\\.0\\.0\\.1):\\d+")
                    .doesNotContain(TestBroker.WRONG, "\tat ");
            assertThat(broker.wrongPassword().keySet())
                    .as(result.err())
                    .anyMatch(variable -> result.err().contains(variable));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).as(command).isLessThan(IN_TIME);
        }
    }

    @Test
    void withTheBrokerDownCommandsFailInTimeAndTheServerWaitsForIt() throws Exception {
        broker.control().stop();
        slackline.with("QUEUE_PUBLISH_TIMEOUT", "1s");
        for (String command : new String[] {"publish k {}", "consume", "groups", "demo --events 5"}) {
            long begun = System.nanoTime();
            Result result = slackline.run(command.split(" "));
            assertThat(result.exitCode()).as(command).isEqualTo(1);
            assertThat(result.err())
                    .as(command)
                    .contains(broker.place(), "is it running")
                    .doesNotContain("\tat ");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).as(command).isLessThan(IN_TIME);
        }
        try (SlacklineProcess serve = SlacklineProcess.start(folder, environment(), "serve")) {
            SlacklineProcess.await("serve says that it waits", () -> serve.err().contains("Waiting for the queue"));
            assertThat(serve.err()).contains(broker.place()).doesNotContain("ready", "\tat ");

            broker.control().start();
            SlacklineProcess.await("serve is ready", () -> serve.port() > 0);

            assertThat(slack.send(serve.port(), "Ev1", "hello").join()).isEqualTo(200);
            assertThat(serve.err()).containsOnlyOnce("Waiting for the queue");
        }
        assertThat(slackline.run("consume", "--max", "1").out()).contains("\"id\":\"Ev1\"");
    }

    @Test
    void serverAndConsumerOutliveARestartOfTheBroker() throws Exception {
        try (SlacklineProcess serve = SlacklineProcess.serve(folder, environment());
                SlacklineProcess consume = SlacklineProcess.start(folder, environment(), "consume")) {
            assertThat(slack.send(serve.port(), "Ev1", "before").join()).isEqualTo(200);
            SlacklineProcess.await("the first was consumed", () -> consume.out().contains("Ev1"));

            broker.control().kill9();
            assertThat(slack.send(serve.port(), "Ev2", "meanwhile").join()).isEqualTo(503);
            SlacklineProcess.await("serve is not ready", () -> ready(serve) == 503);
            broker.control().start();
            SlacklineProcess.await("serve is ready again", () -> ready(serve) == 200);
            assertThat(slack.send(serve.port(), "Ev2", "again").join()).isEqualTo(200);

            // the first may come again: the broker may have died before it had its acknowledgement on disk
            SlacklineProcess.await(
                    "the second was consumed", () -> consume.out().contains("\"id\":\"Ev2\""));
            consume.terminate();
            assertThat(consume.exitCode()).isZero();
            assertThat(consume.err()).doesNotContain("\tat ");
        }
    }

    private int ready(SlacklineProcess serve) {
        try {
            return slack.get(serve.port(), "/health/ready").statusCode();
        } catch (Exception e) {
            throw new AssertionError("serve does not answer", e);
        }
    }
}
