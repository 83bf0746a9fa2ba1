package dev.slackline.app;

import dev.slackline.app.brokers.Postgres;

/** The command line on PostgreSQL. */
class PostgresCommandsIT extends OnBroker {

    PostgresCommandsIT() {
        super(Postgres::in);
    }
}
