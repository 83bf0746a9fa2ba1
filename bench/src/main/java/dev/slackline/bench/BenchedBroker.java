package dev.slackline.bench;

import dev.slackline.queue.testkit.broker.BrokerControl;
import java.util.Map;

/** All that {@link BrokerBench} must know of one kind of broker. */
interface BenchedBroker {

    /** As it stands in the rows: {@code RabbitMQ}. */
    String title();

    /** A running one, for this bench alone. */
    BrokerControl control();

    /** The variables of a queue on it, without those that every backend has ({@code QUEUE_PREFETCH} and so on). */
    Map<String, String> environment(String topic);

    /** A new connection of its plain client. */
    PlainClient plainClient() throws Exception;

    /** The least ratio to the plain client that is good enough for publishing. */
    double publishGoal();

    /** The same for consuming. */
    double consumeGoal();
}
