package dev.slackline.backend.rabbitmq;

import dev.slackline.queue.testkit.BrokerHarness;
import dev.slackline.queue.testkit.broker.BrokerControl;
import dev.slackline.queue.testkit.broker.Certificates;
import dev.slackline.queue.testkit.broker.RabbitMqBroker;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the kit may do to the broker of a test.
 *
 * @param control how it is ill-treated
 * @param broker the broker, with TLS
 * @param certificates what it shows
 */
record RabbitMqHarness(BrokerControl control, RabbitMqBroker broker, Certificates certificates)
        implements BrokerHarness {

    @Override
    public Map<String, String> at(InetSocketAddress address) {
        return Map.of("MQ_PORT", Integer.toString(address.getPort()));
    }

    @Override
    public Optional<Map<String, String>> trusted() {
        return Optional.of(tls("localhost", certificates.authority()));
    }

    @Override
    public Map<String, Map<String, String>> distrusted() {
        return Map.of(
                "an authority that signed nothing", tls("localhost", certificates.stranger()),
                "the wrong host", tls("127.0.0.1", certificates.authority()),
                "the authorities of the JDK", Map.of("MQ_TLS_CA", ""));
    }

    private Map<String, String> tls(String host, Path authority) {
        return Map.of(
                "MQ_HOST",
                host,
                "MQ_PORT",
                Integer.toString(broker.tlsAddress().getPort()),
                "MQ_TLS",
                "true",
                "MQ_TLS_CA",
                authority.toString());
    }
}
