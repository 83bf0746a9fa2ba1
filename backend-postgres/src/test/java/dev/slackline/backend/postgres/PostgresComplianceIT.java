package dev.slackline.backend.postgres;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Feature;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.testkit.BrokerHarness;
import dev.slackline.queue.testkit.QueueBackendCompliance;
import dev.slackline.queue.testkit.broker.Certificates;
import dev.slackline.queue.testkit.broker.PostgresBroker;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class PostgresComplianceIT extends QueueBackendCompliance {

    private static final String STRANGER = "stranger";

    @TempDir
    static Path folder;

    private static Certificates certificates;
    private static PostgresBroker broker;

    @BeforeAll
    static void startBroker() {
        certificates = Certificates.in(folder);
        broker = PostgresBroker.in(folder.resolve("broker"), certificates);
        broker.start();
        Server.execute(
                Server.newTopic(broker.address()), "CREATE ROLE " + STRANGER + " LOGIN PASSWORD '" + STRANGER + "'");
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) { // null where PostgreSQL is not installed
            broker.close();
        }
    }

    @Override
    public QueueBackendProvider provider() {
        return new PostgresProvider();
    }

    @Override
    public Capabilities expected() {
        return new Capabilities(
                "postgres",
                EnumSet.allOf(Feature.class),
                "committed: in the write-ahead log on disk, as the server's synchronous_commit and fsync say");
    }

    @Override
    public Map<String, String> newTopic() {
        return Server.newTopic(broker.address());
    }

    @Override
    public Optional<BrokerHarness> broker() {
        return Optional.of(new PostgresHarness(broker, certificates));
    }

    /** A server whose disk is full refuses as this trigger does. */
    @Override
    public Optional<Map<String, String>> topicThatFills() {
        Map<String, String> topic = newTopic();
        Server.open(topic).close();
        Server.execute(
                topic,
                "CREATE FUNCTION $.fill() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN"
                        + " IF (SELECT count(*) FROM $.message) > 500 THEN"
                        + " RAISE ''could not extend file'' USING ERRCODE = ''53100''; END IF; RETURN NULL; END'",
                "CREATE TRIGGER full_disk BEFORE INSERT ON $.message EXECUTE FUNCTION $.fill()");
        return Optional.of(topic);
    }

    @Override
    public Map<String, Map<String, String>> refusedTopics() {
        return Map.of(
                "a wrong password", changed("POSTGRES_PASSWORD", "wrong"),
                "an unknown user", changed("POSTGRES_USER", "nobody"),
                "an unknown database",
                        changed(
                                "POSTGRES_URL",
                                Server.url("127.0.0.1", broker.address()).replace("/postgres", "/nowhere")),
                "no address at all", changed("POSTGRES_URL", "db.example.org"),
                "a user without permissions", strange(),
                "a schema of a newer version", newer(),
                "a schema of another program", others());
    }

    private Map<String, String> changed(String name, String value) {
        Map<String, String> topic = new HashMap<>(newTopic());
        topic.put(name, value);
        return topic;
    }

    private Map<String, String> strange() {
        Map<String, String> topic = changed("POSTGRES_USER", STRANGER);
        topic.put("POSTGRES_PASSWORD", STRANGER);
        return topic;
    }

    private Map<String, String> newer() {
        Map<String, String> topic = newTopic();
        Server.open(topic).close();
        Server.execute(topic, "UPDATE $.slackline SET version = version + 1");
        return topic;
    }

    private Map<String, String> others() {
        Map<String, String> topic = newTopic();
        Server.execute(
                topic, "CREATE SCHEMA " + topic.get("POSTGRES_SCHEMA"), "CREATE TABLE $.message (text text NOT NULL)");
        return topic;
    }

    @Override
    public List<Intruder> intruders() {
        return List.of(
                new Row("headers that are no JSON", "'id-1', 'key', NULL, 'no json', '{}'"),
                new Row("headers of other types", "'id-2', 'key', NULL, '{\"a\":[1],\"\":null}', '{}'"),
                new Row("names that break the rules", "'', chr(10), '', NULL, '{}'"),
                new Row("a payload that was cut off", "'id-4', 'key', 'T/C', NULL, '{\"a\":'"),
                new Row("an empty payload", "'id-5', 'key', 'T/C', NULL, ''"));
    }

    /**
     * A row that another program wrote.
     *
     * @param description what is wrong with it
     * @param values id, key, ordering key, headers and payload, in SQL
     */
    private record Row(String description, String values) implements Intruder {

        @Override
        public void intrude(Map<String, String> topic) {
            Server.execute(
                    topic,
                    "WITH m AS (INSERT INTO $.message (published_at, id, key, ordering_key, headers, payload) VALUES ("
                            + "9000000000000, " + values + ") RETURNING seq, ordering_key)"
                            + " INSERT INTO $.ready (group_id, next, last, keyed) SELECT g.id, m.seq, m.seq,"
                            + " m.ordering_key IS NOT NULL FROM m, $.consumer_group g");
        }
    }
}
