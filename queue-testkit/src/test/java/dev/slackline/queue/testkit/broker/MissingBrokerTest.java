package dev.slackline.queue.testkit.broker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class MissingBrokerTest {

    private static final String REQUIRED = "slackline.brokers.required";

    private final String before = System.getProperty(REQUIRED, "");

    @BeforeEach
    void nothingIsRequired() {
        System.setProperty(REQUIRED, "");
    }

    @AfterEach
    void asItWas() {
        System.setProperty(REQUIRED, before);
    }

    @Test
    void aTestIsSkippedAndSaysWhatToInstall() {
        assertThat(MissingBroker.because("rabbitmq", "install rabbitmq-server"))
                .isInstanceOf(TestAbortedException.class)
                .hasMessage("rabbitmq is not installed: install rabbitmq-server");
    }

    @Test
    void aTestFailsWhereTheBrokerIsRequired() {
        for (String required : new String[] {"all", "rabbitmq", "redis, RabbitMQ"}) {
            System.setProperty(REQUIRED, required);
            assertThat(MissingBroker.because("rabbitmq", "install rabbitmq-server"))
                    .as(required)
                    .isInstanceOf(IllegalStateException.class);
        }
        System.setProperty(REQUIRED, "redis");
        assertThat(MissingBroker.because("rabbitmq", "install rabbitmq-server"))
                .isInstanceOf(TestAbortedException.class);
    }
}
