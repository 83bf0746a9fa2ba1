package dev.slackline.backend.redis;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Feature;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.testkit.BrokerHarness;
import dev.slackline.queue.testkit.QueueBackendCompliance;
import dev.slackline.queue.testkit.broker.Certificates;
import dev.slackline.queue.testkit.broker.RedisBroker;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class RedisComplianceIT extends QueueBackendCompliance {

    private static final String STRANGER = "stranger";

    @TempDir
    static Path folder;

    private static Certificates certificates;
    private static RedisBroker broker;
    private static RedisBroker small;

    @BeforeAll
    static void startBroker() {
        certificates = Certificates.in(folder);
        broker = RedisBroker.in(
                folder.resolve("broker"), certificates, "user " + STRANGER + " on >" + STRANGER + " ~nothing +@all");
        broker.start();
        small = RedisBroker.in(folder.resolve("small"), "maxmemory 6mb");
        small.start();
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) { // null where Redis is not installed
            broker.close();
            small.close();
        }
    }

    @Override
    public QueueBackendProvider provider() {
        return new RedisProvider();
    }

    @Override
    public Capabilities expected() {
        return new Capabilities(
                "redis",
                EnumSet.allOf(Feature.class),
                "as the server's append-only file: on disk before it is confirmed with appendfsync always");
    }

    @Override
    public Map<String, String> newTopic() {
        return Redis.newTopic(broker.address());
    }

    @Override
    public Optional<BrokerHarness> broker() {
        return Optional.of(new RedisHarness(broker, certificates));
    }

    @Override
    public Optional<Map<String, String>> topicThatFills() {
        return Optional.of(Redis.newTopic(small.address()));
    }

    @Override
    public Map<String, Map<String, String>> refusedTopics() {
        int port = broker.address().getPort();
        return Map.of(
                "a wrong password", at("redis://stranger:wrong@127.0.0.1:" + port),
                "an unknown user", at("redis://nobody:secret@127.0.0.1:" + port),
                "a database that is not there", at("redis://127.0.0.1:" + port + "/99"),
                "a user without permissions", at("redis://stranger:stranger@127.0.0.1:" + port),
                "a URL that is none", at("http://127.0.0.1:" + port),
                "a key of another type", otherType());
    }

    private Map<String, String> at(String url) {
        Map<String, String> topic = new HashMap<>(newTopic());
        topic.put("REDIS_URL", url);
        return topic;
    }

    private Map<String, String> otherType() {
        Map<String, String> topic = newTopic();
        Redis.with(broker.address(), redis -> redis.set(topic.get("REDIS_STREAM"), "a string"));
        return topic;
    }

    @Override
    public List<Intruder> intruders() {
        InetSocketAddress address = broker.address();
        return List.of(
                new Foreign("a payload alone", address, Map.of("payload", "{\"a\":1}")),
                new Foreign("no field that we know", address, Map.of("x", "y")),
                new Foreign(
                        "names that break the rules",
                        address,
                        Map.of("id", "a\nb", "key", "", "ordering-key", "a\u0000b", "payload", "{\"b\":1}")),
                new Foreign(
                        "numbers beyond all bounds",
                        address,
                        Map.of("id", "n", "key", "k", "at", Long.toString(Long.MAX_VALUE), "payload", "{\"c\":1}")),
                new Foreign(
                        "headers and deaths that are none",
                        address,
                        Map.of("headers", "{\"a\":", "deaths", "{\"deaths\":[7]}", "payload", "{\"d\":1}")),
                new Foreign(
                        "headers that break the rules",
                        address,
                        Map.of("headers", "{\"a\\n\":\"b\",\"c\":7}", "payload", "{\"e\":1}")),
                new Foreign("a payload that was cut off", address, Map.of("payload", "{\"f\":")));
    }

    /**
     * An entry that another program added.
     *
     * @param description what is wrong with it
     */
    private record Foreign(String description, InetSocketAddress address, Map<String, String> fields)
            implements Intruder {

        @Override
        public void intrude(Map<String, String> topic) {
            Redis.with(address, redis -> redis.xadd(topic.get("REDIS_STREAM"), fields));
        }
    }
}
