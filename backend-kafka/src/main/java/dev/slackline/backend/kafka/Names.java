package dev.slackline.backend.kafka;

import java.util.List;

/** What the topics of a backend are called. A group has no dot in its name, so no two groups and no two topics meet. */
final class Names {

    private final String topic;
    private final boolean shared;

    Names(KafkaSettings settings) {
        this.topic = settings.topic();
        this.shared = settings.isShared();
    }

    /** Whether groups get what is published from share groups. */
    boolean isShared() {
        return shared;
    }

    /** Where share groups put off what has to wait or is held for long. */
    String later() {
        return topic + ".later";
    }

    /** What consumer groups read, partition by partition. */
    String inOrder() {
        return shared ? later() : topic;
    }

    String topic() {
        return topic;
    }

    /** Which groups are declared, and from where on each gets everything. */
    String groups() {
        return topic + ".groups";
    }

    /** What the processes of a group tell each other about what changed hands. */
    String notes() {
        return topic + ".notes";
    }

    /** What the groups failed at for good. */
    String dead() {
        return topic + ".dead";
    }

    List<String> all() {
        return shared ? List.of(topic, groups(), notes(), dead(), later()) : List.of(topic, groups(), notes(), dead());
    }

    /** The id of the consumer group. */
    String consumerGroup(String group) {
        return topic + "." + group;
    }

    /** The id of the share group; another one each time that the group is declared. */
    String shareGroup(String group, long declaration) {
        return consumerGroup(group) + ".share-" + Long.toString(declaration, Character.MAX_RADIX);
    }

    /** The key of a dead letter. */
    String deadKey(String group, String id) {
        return group + "/" + id;
    }
}
