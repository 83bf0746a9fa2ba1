package dev.slackline.backend.redis;

import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** How tests talk to a server without the backend. */
final class Redis {

    private Redis() {}

    static String url(InetSocketAddress address) {
        return "redis://" + address.getHostString() + ":" + address.getPort();
    }

    /** Settings for a topic of its own. */
    static Map<String, String> newTopic(InetSocketAddress address) {
        Map<String, String> settings = new HashMap<>();
        settings.put("REDIS_URL", url(address));
        settings.put("REDIS_STREAM", "topic-" + UUID.randomUUID().toString().substring(0, 8));
        return settings;
    }

    static Queue open(Map<String, String> settings) {
        RedisProvider provider = new RedisProvider();
        List<Setting<?>> declared = new ArrayList<>(QueueSettings.ALL);
        declared.addAll(provider.settings());
        return Queue.open(provider, Settings.parse(settings, declared));
    }

    /** A command that the plain client has no method for. */
    static String send(RedisCommands<String, String> redis, CommandType command, List<String> arguments) {
        CommandArgs<String, String> args = new CommandArgs<>(StringCodec.UTF8);
        arguments.forEach(args::add);
        return redis.dispatch(command, new StatusOutput<>(StringCodec.UTF8), args);
    }

    /** Does something with the plain client. */
    static <T> T with(InetSocketAddress address, Function<RedisCommands<String, String>, T> work) {
        RedisClient client = RedisClient.create(url(address));
        try {
            return work.apply(client.connect().sync());
        } finally {
            client.shutdown();
        }
    }
}
