package dev.slackline.backend.kafka;

import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the operator chose.
 *
 * @param bootstrap where to find the cluster, {@code host:port} with commas
 * @param mode how the members of a group share the work
 * @param partitions of a topic that is made
 * @param replication of the topics that are made; 0 for what the cluster does by default
 * @param client what goes to Kafka's client as it is, by its name there
 */
record KafkaSettings(
        String bootstrap, String topic, Mode mode, int partitions, int replication, Map<String, String> client) {

    /** How the members of a group share the work. */
    enum Mode {
        /** Each has partitions: what shares an ordering key stays in order. */
        ORDERED,
        /** Each takes what comes next, from any partition. */
        SHARE
    }

    /** What is left of the 249 characters of a name when the longest of our endings and a group are taken off. */
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,160}");

    private static final Pattern BOOTSTRAP = Pattern.compile("[^\\s,:]+:\\d{1,5}(,[^\\s,:]+:\\d{1,5})*");

    static final Setting<String> BOOTSTRAP_SERVERS = new Setting<>(
            "KAFKA_BOOTSTRAP",
            "host:port list",
            "localhost:9092",
            false,
            "Some brokers of the cluster, with commas; they name the others.",
            KafkaSettings::requireBootstrap);

    static final Setting<String> TOPIC_NAME = new Setting<>(
            "KAFKA_TOPIC",
            "topic name",
            "slack_events",
            false,
            "The topic; it is made if need be, and so are three small ones whose names start with it and a dot.",
            KafkaSettings::requireTopic);

    static final Setting<Mode> MODE = Setting.choice(
            "KAFKA_MODE",
            Mode.class,
            Mode.ORDERED,
            "How the members of a group share the work: by partitions and in order, or message by message without any"
                    + " order (share groups; needs Kafka 4.2). A group stays in the mode it was declared in.");

    static final Setting<Integer> PARTITIONS = Setting.integer(
            "KAFKA_PARTITIONS",
            12,
            1,
            10_000,
            "How many partitions the topic gets when it is made: at most so many processes share the work of a group.");

    static final Setting<Integer> REPLICATION = Setting.integer(
            "KAFKA_REPLICATION",
            0,
            0,
            32_767,
            "How many replicas the topics get when they are made; 0: what the cluster does by default. 3 is usual.");

    /** Every setting, those of Kafka's client last. */
    static final List<Setting<?>> ALL = all();

    private static List<Setting<?>> all() {
        List<Setting<?>> all = new ArrayList<>(List.of(BOOTSTRAP_SERVERS, TOPIC_NAME, MODE, PARTITIONS, REPLICATION));
        all.addAll(PassedOn.SETTINGS.values());
        return List.copyOf(all);
    }

    static KafkaSettings from(Settings settings) {
        Map<String, String> client = new LinkedHashMap<>();
        PassedOn.SETTINGS.forEach((name, setting) -> {
            String value = settings.get(setting);
            if (!value.isEmpty()) {
                client.put(name, value);
            }
        });
        return new KafkaSettings(
                settings.get(BOOTSTRAP_SERVERS),
                settings.get(TOPIC_NAME),
                settings.get(MODE),
                settings.get(PARTITIONS),
                settings.get(REPLICATION),
                client);
    }

    boolean isShared() {
        return mode == Mode.SHARE;
    }

    /** Where it connects to, for people. */
    String place() {
        return bootstrap + ", topic " + topic;
    }

    @Override
    public String toString() {
        return "KafkaSettings[" + place() + "]"; // what is passed on may be secret
    }

    private static String requireBootstrap(String text) {
        if (!BOOTSTRAP.matcher(text).matches()) {
            throw new IllegalArgumentException("use host:port, or several with commas and no blanks");
        }
        return text;
    }

    private static String requireTopic(String name) {
        if (!TOPIC.matcher(name).matches() || name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException("use 1 to 160 letters, digits, '.', '_' and '-'");
        }
        return name;
    }
}
