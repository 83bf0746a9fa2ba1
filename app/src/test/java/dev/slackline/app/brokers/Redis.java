package dev.slackline.app.brokers;

import dev.slackline.queue.testkit.broker.RedisBroker;
import io.lettuce.core.RedisClient;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Redis, with a password.
 *
 * @param control the process
 */
public record Redis(RedisBroker control) implements TestBroker {

    private static final String PASSWORD = "the-password";

    /** One whose data go into this folder. */
    public static Redis in(Path folder) {
        return new Redis(RedisBroker.in(folder, "requirepass " + PASSWORD));
    }

    @Override
    public String backend() {
        return "redis";
    }

    @Override
    public String topicVariable() {
        return "REDIS_STREAM";
    }

    @Override
    public Map<String, String> access() {
        return Map.of("REDIS_URL", "redis://" + place(), "REDIS_PASSWORD", PASSWORD);
    }

    @Override
    public Map<String, String> wrongPassword() {
        return Map.of("REDIS_PASSWORD", WRONG);
    }

    @Override
    public Map<String, String> wrongSetting() {
        return Map.of("REDIS_SSL", "perhaps", "REDIS_URL", "http://localhost");
    }

    @Override
    public Set<String> contents() {
        RedisClient client = RedisClient.create("redis://:" + PASSWORD + "@" + place());
        try {
            return new TreeSet<>(client.connect().sync().keys("*"));
        } finally {
            client.shutdown();
        }
    }
}
