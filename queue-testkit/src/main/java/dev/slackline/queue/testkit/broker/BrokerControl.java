package dev.slackline.queue.testkit.broker;

import java.net.InetSocketAddress;

/**
 * A private broker process that a test may ill-treat (rule R4 of the compliance kit). Its address and its data stay the
 * same over every start. Used by one thread at a time. Every method throws an {@link IllegalStateException} with the end
 * of the broker's log if the broker does not do what is asked within a minute.
 */
public interface BrokerControl extends AutoCloseable {

    /** What it is, for people: {@code RabbitMQ 3.10.8}. */
    String version();

    /** Where clients find it, as long as it runs. */
    InetSocketAddress address();

    /** Starts it on the data it had, and returns once it answers clients. Does nothing while it runs. */
    void start();

    /** Ends it as its operator would, and returns once its process is gone. */
    void stop();

    /** Kills it as {@code kill -9} does, and returns once its process is gone. */
    void kill9();

    /** Stops it from running, without a word to its clients ({@code SIGSTOP}): connections stay and nothing answers. */
    void pause();

    /** Ends {@link #pause()}. */
    void unpause();

    /** Whether its process is there, paused or not. */
    boolean isRunning();

    /** {@link #stop()} and {@link #start()}. */
    default void restart() {
        stop();
        start();
    }

    /** Kills it and whatever was started for it. Its folder is left to whoever made it. Idempotent. */
    @Override
    void close();
}
