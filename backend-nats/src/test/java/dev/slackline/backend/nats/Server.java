package dev.slackline.backend.nats;

import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import dev.slackline.queue.testkit.broker.NatsBroker;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** How tests talk to a server without the backend. */
final class Server {

    private Server() {}

    /** Settings for a topic of its own. */
    static Map<String, String> newTopic(InetSocketAddress address) {
        Map<String, String> settings = new HashMap<>();
        settings.put("NATS_URL", "nats://127.0.0.1:" + address.getPort());
        settings.put("NATS_USERNAME", NatsBroker.USER);
        settings.put("NATS_PASSWORD", NatsBroker.USER);
        settings.put("NATS_STREAM", "t" + UUID.randomUUID().toString().substring(0, 8));
        return settings;
    }

    /** The stream of these settings. */
    static String stream(Map<String, String> settings) {
        return settings.getOrDefault("NATS_STREAM", "slack_events");
    }

    static Queue open(Map<String, String> settings) {
        NatsProvider provider = new NatsProvider();
        List<Setting<?>> declared = new ArrayList<>(QueueSettings.ALL);
        declared.addAll(provider.settings());
        return Queue.open(provider, Settings.parse(settings, declared));
    }

    /** A connection of the plain client to where these settings point. */
    static Connection connect(Map<String, String> settings) throws IOException, InterruptedException {
        return Nats.connect(new Options.Builder()
                .server(settings.get("NATS_URL"))
                .userInfo(NatsBroker.USER.toCharArray(), NatsBroker.USER.toCharArray())
                .noReconnect()
                .build());
    }
}
