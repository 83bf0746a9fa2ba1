package dev.slackline.backend.kafka;

import java.util.List;

/** What the topics of a backend are called. A group has no dot in its name, so no two groups and no two topics meet. */
final class Names {

    private final String topic;

    Names(String topic) {
        this.topic = topic;
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
        return List.of(topic, groups(), notes(), dead());
    }

    /** The id of the consumer group. */
    String consumerGroup(String group) {
        return topic + "." + group;
    }

    /** The key of a dead letter. */
    String deadKey(String group, String id) {
        return group + "/" + id;
    }
}
