package dev.slackline.backend.nats;

import dev.slackline.queue.testkit.BrokerHarness;
import dev.slackline.queue.testkit.broker.BrokerControl;
import dev.slackline.queue.testkit.broker.Certificates;
import dev.slackline.queue.testkit.broker.NatsBroker;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;

/**
 * What the kit may do to the server of a test.
 *
 * @param broker the server
 * @param secure another one, which speaks TLS
 * @param certificates what that shows
 */
record NatsHarness(NatsBroker broker, NatsBroker secure, Certificates certificates) implements BrokerHarness {

    @Override
    public BrokerControl control() {
        return broker;
    }

    @Override
    public Map<String, String> at(InetSocketAddress address) {
        return Map.of("NATS_URL", "nats://127.0.0.1:" + address.getPort());
    }

    @Override
    public Optional<Map<String, String>> trusted() {
        return Optional.of(tls("tls://localhost", certificates.authority().toString()));
    }

    @Override
    public Map<String, Map<String, String>> distrusted() {
        return Map.of(
                "an authority that signed nothing",
                        tls("tls://localhost", certificates.stranger().toString()),
                "the wrong host",
                        tls("tls://127.0.0.1", certificates.authority().toString()),
                "the authorities of the JDK", tls("tls://localhost", ""),
                "no TLS", tls("nats://localhost", ""));
    }

    private Map<String, String> tls(String server, String authority) {
        return Map.of("NATS_URL", server + ":" + secure.address().getPort(), "NATS_TLS_CA", authority);
    }
}
