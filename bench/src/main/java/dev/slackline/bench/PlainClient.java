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

    /** Consumes and acknowledges for a while, or until nothing has come for 200 ms. */
    Measured consume(double seconds, int prefetch) throws Exception;

    @Override
    void close() throws Exception;
}
