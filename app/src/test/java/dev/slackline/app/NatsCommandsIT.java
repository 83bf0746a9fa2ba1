package dev.slackline.app;

import dev.slackline.app.brokers.Nats;

/** The command line on NATS. */
class NatsCommandsIT extends OnBroker {

    NatsCommandsIT() {
        super(Nats::in);
    }
}
