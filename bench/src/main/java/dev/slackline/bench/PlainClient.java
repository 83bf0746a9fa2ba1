package dev.slackline.bench;

/**
 * The baseline of a broker's figures: its official client as its own documentation uses it, with the guarantees that the
 * backend gives: what is published is confirmed as durable, what is consumed is acknowledged. No ids, no attempts, no
 * leases, no reconnection. It uses a topic of its own, and is used by one thread.
 */
interface PlainClient extends AutoCloseable {

    /** The name of the client in the table: {@code amqp-client}. */
    String name();

    /** Publishes for a while, so many unconfirmed at once; returns once all is confirmed. */
    Measured publish(double seconds, int inFlight, Messages messages) throws Exception;

    /**
     * Consumes for a while, or until nothing has come for 200 ms, and acknowledges each message by itself, without waiting
     * for one before the next.
     */
    Measured consume(double seconds, int prefetch) throws Exception;

    /** Whether the broker settles many messages with one command for less than one by one. */
    default boolean settlesManyAtOnce() {
        return false;
    }

    /**
     * The same as {@link #consume}, but all that came together is acknowledged with one command: a crash before that brings
     * all of it again.
     */
    default Measured consumeTogether(double seconds, int prefetch) throws Exception {
        throw new UnsupportedOperationException(name());
    }

    @Override
    void close() throws Exception;
}
