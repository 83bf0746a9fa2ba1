package dev.slackline.backend.rabbitmq;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;

/**
 * What is declared at the broker. Every queue is a quorum queue; whatever a queue hands on by itself (a delay that is
 * over, a message that came back too often) it keeps until the next queue has it. Immutable.
 */
final class Topology {

    /**
     * How often a message may come back without an answer of ours: then it kills whoever gets it, and the broker puts it
     * to the dead letters. Newer brokers have a limit anyway, after which they drop.
     */
    static final int MOST_RETURNS = 50;

    /** For queues that are read and put back by the listing of dead letters: in effect none. */
    private static final int UNLIMITED_RETURNS = 1_000_000_000;

    /**
     * How long a broker may take to note down on disk which queue a new log belongs to. One that is killed before cannot
     * find what was confirmed into that queue.
     */
    static final Duration YOUTH = Duration.ofMillis(1_200);

    private static final String EVERYTHING = "#";
    private static final String DELIVERY_LIMIT = "x-delivery-limit";

    private final Names names;

    Topology(Names names) {
        this.names = names;
    }

    Names names() {
        return names;
    }

    /** Makes sure that the exchange is there. Who may not declare it can use one that is. */
    void prepare(Connection connection) throws IOException, TimeoutException {
        try (Channel channel = open(connection)) {
            channel.exchangeDeclare(names.exchange(), BuiltinExchangeType.TOPIC, true);
        } catch (IOException e) {
            if (!Failures.forbidden(e)) {
                throw e;
            }
            if (!hasExchange(connection)) {
                throw e;
            }
        }
    }

    /** Whether the exchange is there. */
    boolean hasExchange(Connection connection) throws IOException, TimeoutException {
        try (Channel channel = open(connection)) {
            channel.exchangeDeclarePassive(names.exchange());
            return true;
        } catch (IOException e) {
            if (Failures.notFound(e)) {
                return false;
            }
            throw e;
        }
    }

    /** Declares the queues of a group and binds its own. Idempotent. */
    void declareGroup(Channel channel, String group) throws IOException {
        declare(channel, names.dead(group), new HashMap<>(Map.of(DELIVERY_LIMIT, UNLIMITED_RETURNS)));
        Map<String, Object> arguments = handingOnTo(names.dead(group));
        arguments.put(DELIVERY_LIMIT, MOST_RETURNS);
        declare(channel, names.group(group), arguments);
        channel.exchangeDeclare(names.exchange(), BuiltinExchangeType.TOPIC, true);
        channel.queueBind(names.group(group), names.exchange(), EVERYTHING);
    }

    /** Declares the queue in which messages of the group wait so long for their retry. Idempotent. */
    void declareRetry(Channel channel, String group, long millis) throws IOException {
        Map<String, Object> arguments = handingOnTo(names.group(group));
        arguments.put("x-message-ttl", millis);
        declare(channel, names.retry(group, millis), arguments);
    }

    /** Declares the queue that lists the groups. Idempotent. */
    void declareRegistry(Channel channel) throws IOException {
        declare(channel, names.registry(), new HashMap<>(Map.of(DELIVERY_LIMIT, UNLIMITED_RETURNS)));
    }

    /** By default a quorum queue drops what the next queue cannot take at that moment. */
    private static Map<String, Object> handingOnTo(String queue) {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("x-dead-letter-exchange", "");
        arguments.put("x-dead-letter-routing-key", queue);
        arguments.put("x-dead-letter-strategy", "at-least-once");
        return arguments;
    }

    private static void declare(Channel channel, String queue, Map<String, Object> arguments) throws IOException {
        arguments.put("x-queue-type", "quorum");
        arguments.put("x-overflow", "reject-publish"); // a full queue must refuse, never drop
        channel.queueDeclare(queue, true, false, false, arguments);
    }

    static Channel open(Connection connection) throws IOException {
        return Objects.requireNonNull(connection.createChannel(), "no channel is free on this connection");
    }
}
