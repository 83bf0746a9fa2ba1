package dev.slackline.backend.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads a queue and puts back what was not taken, in whatever order the broker does that. Nobody else may read it meanwhile. Used by one thread.
 */
final class Scan implements AutoCloseable {

    private static final int BACK_TRIES = 200;

    private final Channel channel;
    private final String queue;
    private final NavigableSet<Long> held = new TreeSet<>();
    private boolean ended;

    private Scan(Channel channel, String queue) {
        this.channel = channel;
        this.queue = queue;
    }

    static Scan of(Connection connection, String queue) throws IOException {
        return new Scan(Topology.open(connection), queue);
    }

    /** One message of the queue. */
    static final class Found {
        private final Envelope envelope;
        private final BasicProperties properties;
        private final byte[] body;

        private Found(Envelope envelope, BasicProperties properties, byte[] body) {
            this.envelope = envelope;
            this.properties = properties;
            this.body = body;
        }

        long tag() {
            return envelope.getDeliveryTag();
        }

        String routingKey() {
            return envelope.getRoutingKey();
        }

        BasicProperties properties() {
            return properties;
        }

        byte[] body() {
            return body;
        }
    }

    /** The next ones; none at the end. */
    List<Found> next(int most) throws IOException, TimeoutException, InterruptedException {
        if (ended) {
            return List.of();
        }
        Reader reader = new Reader(channel);
        channel.basicQos(most);
        String consumer = channel.basicConsume(queue, false, reader);
        long left = Admin.size(channel, queue).ready(); // answered after all that we may get was sent
        channel.basicQos(1); // answered by the channel after it has passed all that on
        channel.basicCancel(consumer);
        if (!reader.ended.await(10, TimeUnit.SECONDS)) {
            throw new TimeoutException("the broker did not end a listing");
        }
        for (Found found : reader.found) {
            held.add(found.tag());
        }
        ended = left == 0;
        return List.copyOf(reader.found);
    }

    /** Takes one out of the queue. */
    void take(Found found) throws IOException {
        channel.basicAck(found.tag(), false);
        held.remove(found.tag());
    }

    /** Puts the rest back, and waits until it is there for the next reader. */
    @Override
    public void close() throws IOException, TimeoutException, InterruptedException {
        try {
            if (!channel.isOpen()) {
                return;
            }
            if (!held.isEmpty()) {
                channel.basicNack(held.last(), true, true);
            }
            for (int i = 0; i < BACK_TRIES && channel.queueDeclarePassive(queue).getMessageCount() < held.size(); i++) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
        } finally {
            Admin.closeQuietly(channel);
        }
    }

    private static final class Reader extends DefaultConsumer {

        private final List<Found> found = Collections.synchronizedList(new ArrayList<>());
        private final CountDownLatch ended = new CountDownLatch(1);

        Reader(Channel channel) {
            super(channel);
        }

        @Override
        public void handleDelivery(String tag, Envelope envelope, BasicProperties properties, byte[] body) {
            found.add(new Found(envelope, properties, body));
        }

        @Override
        public void handleCancelOk(String consumerTag) {
            ended.countDown();
        }

        @Override
        public void handleCancel(String consumerTag) {
            ended.countDown();
        }
    }
}
