package dev.slackline.backend.nats;

import io.nats.client.Connection;

/**
 * One connection, and what belongs to it. The next connection makes another.
 *
 * @param connection the client library's
 * @param requests what waits for an answer on it
 * @param api what is asked of JetStream through it
 */
record Session(Connection connection, Requests requests, Api api) {

    static Session over(Connection connection, Threads threads, Failures failures) {
        Requests requests = new Requests(connection, threads, failures);
        return new Session(connection, requests, new Api(requests, failures));
    }
}
