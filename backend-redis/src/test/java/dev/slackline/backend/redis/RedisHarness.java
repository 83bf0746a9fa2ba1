package dev.slackline.backend.redis;

import dev.slackline.queue.testkit.BrokerHarness;
import dev.slackline.queue.testkit.broker.BrokerControl;
import dev.slackline.queue.testkit.broker.Certificates;
import dev.slackline.queue.testkit.broker.RedisBroker;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the kit may do to the server of a test.
 *
 * @param broker the server, with TLS
 * @param certificates what it shows
 */
record RedisHarness(RedisBroker broker, Certificates certificates) implements BrokerHarness {

    @Override
    public BrokerControl control() {
        return broker;
    }

    @Override
    public Map<String, String> at(InetSocketAddress address) {
        return Map.of("REDIS_URL", Redis.url(address));
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
                "the authorities of the JDK", Map.of("REDIS_SSL_CA", ""));
    }

    private Map<String, String> tls(String host, Path authority) {
        return Map.of(
                "REDIS_URL",
                "rediss://" + host + ":" + broker.tlsAddress().getPort(),
                "REDIS_SSL_CA",
                authority.toString());
    }
}
