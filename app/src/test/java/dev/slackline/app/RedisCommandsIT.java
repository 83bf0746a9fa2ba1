package dev.slackline.app;

import dev.slackline.app.brokers.Redis;

/** The command line on Redis. */
class RedisCommandsIT extends OnBroker {

    RedisCommandsIT() {
        super(Redis::in);
    }
}
