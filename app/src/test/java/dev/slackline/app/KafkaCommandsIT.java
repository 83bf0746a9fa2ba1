package dev.slackline.app;

import dev.slackline.app.brokers.Kafka;

/** The command line on Kafka. */
class KafkaCommandsIT extends OnBroker {

    KafkaCommandsIT() {
        super(Kafka::in);
    }
}
