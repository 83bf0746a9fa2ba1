package dev.slackline.queue.testkit;

import dev.slackline.queue.testkit.broker.BrokerControl;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;

/** What the kit must know of the broker behind a backend to let it fail. */
public interface BrokerHarness {

    /** The process. It runs, and the kit sees to it that it runs again after a case. */
    BrokerControl control();

    /** Settings that go over those of a topic, so that its broker is looked for at this address: that of a proxy. */
    Map<String, String> at(InetSocketAddress address);

    /**
     * Settings that go over those of a topic, so that its broker is reached with TLS and its certificate is trusted (case
     * 7); empty where the broker speaks no TLS.
     */
    default Optional<Map<String, String>> trusted() {
        return Optional.empty();
    }

    /** Settings as {@link #trusted()}, with which the certificate must not be accepted, by what is wrong (case 7). */
    default Map<String, Map<String, String>> distrusted() {
        return Map.of();
    }

    /**
     * Kills the node that leads and returns once another one does (case 72); empty where there is only one.
     */
    default Optional<Runnable> failOver() {
        return Optional.empty();
    }
}
