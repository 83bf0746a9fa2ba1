package dev.slackline.app.brokers;

import dev.slackline.queue.testkit.broker.NatsBroker;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * NATS JetStream.
 *
 * @param control the process
 */
public record Nats(NatsBroker control) implements TestBroker {

    /** One whose data go into this folder. */
    public static Nats in(Path folder) {
        return new Nats(NatsBroker.in(folder));
    }

    @Override
    public String backend() {
        return "nats";
    }

    @Override
    public String topicVariable() {
        return "NATS_STREAM";
    }

    @Override
    public Map<String, String> access() {
        return Map.of(
                "NATS_URL", "nats://" + place(), "NATS_USERNAME", NatsBroker.USER, "NATS_PASSWORD", NatsBroker.USER);
    }

    @Override
    public Map<String, String> wrongPassword() {
        return Map.of("NATS_PASSWORD", WRONG);
    }

    @Override
    public Map<String, String> wrongSetting() {
        return Map.of("NATS_REPLICAS", "9", "NATS_URL", "http://localhost");
    }

    @Override
    public Set<String> contents() {
        Options options = new Options.Builder()
                .server("nats://" + place())
                .userInfo(NatsBroker.USER.toCharArray(), NatsBroker.USER.toCharArray())
                .build();
        try (Connection connection = io.nats.client.Nats.connect(options)) {
            return new TreeSet<>(connection.jetStreamManagement().getStreamNames());
        } catch (IOException | JetStreamApiException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
