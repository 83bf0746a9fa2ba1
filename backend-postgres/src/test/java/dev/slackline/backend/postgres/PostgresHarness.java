package dev.slackline.backend.postgres;

import dev.slackline.queue.testkit.BrokerHarness;
import dev.slackline.queue.testkit.broker.Certificates;
import dev.slackline.queue.testkit.broker.PostgresBroker;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the kit may do to the server of a test.
 *
 * @param control the server, with TLS
 * @param certificates what it shows
 */
record PostgresHarness(PostgresBroker control, Certificates certificates) implements BrokerHarness {

    @Override
    public Map<String, String> at(InetSocketAddress address) {
        return Map.of("POSTGRES_URL", Server.url("127.0.0.1", address));
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
                "the authorities of the JDK", Map.of("POSTGRES_TLS_CA", ""));
    }

    private Map<String, String> tls(String host, Path authority) {
        return Map.of(
                "POSTGRES_URL",
                Server.url(host, control.address()),
                "POSTGRES_TLS",
                "true",
                "POSTGRES_TLS_CA",
                authority.toString());
    }
}
