package dev.slackline.backend.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import dev.slackline.queue.testkit.broker.RabbitMqBroker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;

/** How tests talk to a broker without the backend. */
final class Broker {

    private Broker() {}

    /** Settings for a topic of its own. */
    static Map<String, String> newTopic(InetSocketAddress address, String prefix) {
        Map<String, String> settings = new HashMap<>();
        settings.put("MQ_HOST", address.getHostString());
        settings.put("MQ_PORT", Integer.toString(address.getPort()));
        settings.put("MQ_USERNAME", RabbitMqBroker.USER);
        settings.put("MQ_PASSWORD", RabbitMqBroker.USER);
        settings.put("MQ_EXCHANGE", prefix + UUID.randomUUID().toString().substring(0, 8));
        return settings;
    }

    /** A queue that does not wait for new groups to be safe, with these settings. */
    static Queue open(Map<String, String> settings) {
        return open(new RabbitMqProvider(Duration.ZERO), settings);
    }

    static Queue open(QueueBackendProvider provider, Map<String, String> settings) {
        List<Setting<?>> declared = new ArrayList<>(QueueSettings.ALL);
        declared.addAll(provider.settings());
        return Queue.open(provider, Settings.parse(settings, declared));
    }

    /** A connection of the plain client to where these settings point. */
    static Connection connect(Map<String, String> settings) throws IOException, TimeoutException {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(settings.get("MQ_HOST"));
        factory.setPort(Integer.parseInt(settings.getOrDefault("MQ_PORT", "5672")));
        factory.setUsername(settings.get("MQ_USERNAME"));
        factory.setPassword(settings.get("MQ_PASSWORD"));
        factory.setVirtualHost(settings.getOrDefault("MQ_VHOST", "/"));
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection();
    }

    /** Publishes as another program would. */
    static void publish(Map<String, String> settings, String key, BasicProperties properties, byte[] body)
            throws IOException, TimeoutException, InterruptedException {
        try (Connection connection = connect(settings);
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            channel.basicPublish(settings.get("MQ_EXCHANGE"), key, properties, body);
            channel.waitForConfirmsOrDie(10_000);
        }
    }
}
