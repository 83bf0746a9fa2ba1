package dev.slackline.app;

import dev.slackline.app.process.Shutdown;
import dev.slackline.app.process.Terminal;
import dev.slackline.app.wiring.Configuration;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueListener;
import dev.slackline.queue.config.Env;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What every command is given.
 *
 * @param env reads the named values that settings come from; fails when they cannot be read
 * @param terminal the standard streams
 * @param shutdown whether the process was asked to stop
 */
record Context(Supplier<Env> env, Terminal terminal, Shutdown shutdown) {

    /** Opens the configured queue, whose broker must answer, and declares no group. */
    Queue open() {
        return Configuration.load(env.get()).openConnected(new QueueListener() {}, UnaryOperator.identity());
    }
}
