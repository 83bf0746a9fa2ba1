package dev.slackline.backend.kafka;

import dev.slackline.queue.config.Setting;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;

/**
 * The settings of Kafka's client that are passed on as they are: {@code KAFKA_CLIENT_SECURITY_PROTOCOL} is its {@code
 * security.protocol}. All but those that would break a promise, so that a name that is missing here is warned about.
 */
final class PassedOn {

    private static final String PREFIX = "KAFKA_CLIENT_";

    /** Set by us: what is durable, what is settled, and in which order, hangs on them. */
    private static final Set<String> OURS = Set.of(
            "bootstrap.servers",
            "bootstrap.controllers",
            "key.serializer",
            "value.serializer",
            "key.deserializer",
            "value.deserializer",
            "acks",
            "enable.idempotence",
            "transactional.id",
            "transaction.timeout.ms",
            "transaction.two.phase.commit.enable",
            "partitioner.class",
            "partitioner.ignore.keys",
            "delivery.timeout.ms",
            "max.block.ms",
            "group.id",
            "group.instance.id",
            "enable.auto.commit",
            "auto.commit.interval.ms",
            "auto.offset.reset",
            "allow.auto.create.topics",
            "exclude.internal.topics",
            "isolation.level",
            "partition.assignment.strategy",
            "group.remote.assignor",
            "max.poll.interval.ms",
            "default.api.timeout.ms");

    /** By their names in Kafka. */
    static final Map<String, Setting<String>> SETTINGS = declare();

    private PassedOn() {}

    private static Map<String, Setting<String>> declare() {
        Set<String> names = new TreeSet<>();
        Map<String, ConfigDef.Type> types = new TreeMap<>();
        for (ConfigDef client :
                new ConfigDef[] {AdminClientConfig.configDef(), ProducerConfig.configDef(), ConsumerConfig.configDef()
                }) {
            names.addAll(client.names());
            client.configKeys().forEach((name, key) -> types.put(name, key.type));
        }
        names.removeAll(OURS);
        names.removeIf(name -> name.startsWith("share.") || name.startsWith("internal."));
        Map<String, Setting<String>> settings = new TreeMap<>();
        for (String name : names) {
            String variable = PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_');
            String description =
                    "Kafka's client setting " + name + "; empty: what Kafka or Slackline takes by default.";
            settings.put(
                    name,
                    types.get(name) == ConfigDef.Type.PASSWORD
                            ? Setting.secret(variable, "", description)
                            : Setting.text(variable, "", description));
        }
        return Collections.unmodifiableMap(settings);
    }

    /** The variable that sets it. */
    static String variable(String name) {
        Setting<String> setting = SETTINGS.get(name);
        return setting == null ? name : setting.name();
    }
}
