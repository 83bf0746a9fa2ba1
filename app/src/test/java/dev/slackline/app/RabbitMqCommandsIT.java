package dev.slackline.app;

import dev.slackline.app.brokers.RabbitMq;

/** The command line on RabbitMQ. */
class RabbitMqCommandsIT extends OnBroker {

    RabbitMqCommandsIT() {
        super(RabbitMq::in);
    }
}
