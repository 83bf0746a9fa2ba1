package dev.slackline.backend.kafka;

import dev.slackline.queue.testkit.BrokerHarness;
import dev.slackline.queue.testkit.broker.BrokerControl;
import dev.slackline.queue.testkit.broker.Certificates;
import dev.slackline.queue.testkit.broker.KafkaBroker;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the kit may do to the broker of a test.
 *
 * @param broker with TLS, and behind the detour
 * @param certificates what it shows
 * @param detour the way that a proxy is put into
 */
record KafkaHarness(KafkaBroker broker, Certificates certificates, Detour detour) implements BrokerHarness {

    @Override
    public BrokerControl control() {
        return new Detoured(broker);
    }

    @Override
    public Map<String, String> at(InetSocketAddress address) {
        detour.leadTo(address);
        return Map.of("KAFKA_BOOTSTRAP", Broker.at(detour.address()));
    }

    @Override
    public Optional<Map<String, String>> trusted() {
        return Optional.of(tls("localhost", certificates.authority()));
    }

    @Override
    public Map<String, Map<String, String>> distrusted() {
        Map<String, String> jdk = new HashMap<>(tls("localhost", certificates.authority()));
        jdk.put("KAFKA_CLIENT_SSL_TRUSTSTORE_LOCATION", "");
        jdk.put("KAFKA_CLIENT_SSL_TRUSTSTORE_TYPE", "");
        return Map.of(
                "an authority that signed nothing", tls("localhost", certificates.stranger()),
                "the wrong host", tls("127.0.0.1", certificates.authority()),
                "the authorities of the JDK", jdk);
    }

    private Map<String, String> tls(String host, Path authority) {
        return Map.of(
                "KAFKA_BOOTSTRAP",
                host + ":" + broker.tlsAddress().getPort(),
                "KAFKA_CLIENT_SECURITY_PROTOCOL",
                "SSL",
                "KAFKA_CLIENT_SSL_TRUSTSTORE_TYPE",
                "PEM",
                "KAFKA_CLIENT_SSL_TRUSTSTORE_LOCATION",
                authority.toString());
    }

    /** The broker, with the address that a proxy is to lead to. */
    private record Detoured(KafkaBroker broker) implements BrokerControl {

        @Override
        public String version() {
            return broker.version();
        }

        @Override
        public InetSocketAddress address() {
            return broker.detourAddress();
        }

        @Override
        public void start() {
            broker.start();
        }

        @Override
        public void stop() {
            broker.stop();
        }

        @Override
        public void kill9() {
            broker.kill9();
        }

        @Override
        public void pause() {
            broker.pause();
        }

        @Override
        public void unpause() {
            broker.unpause();
        }

        @Override
        public boolean isRunning() {
            return broker.isRunning();
        }

        @Override
        public void close() {
            broker.close();
        }
    }
}
