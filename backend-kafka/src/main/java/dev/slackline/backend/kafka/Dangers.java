package dev.slackline.backend.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.config.TopicConfig;

/** Settings of a topic with which a confirmed message can disappear, or one that may be published is refused. */
final class Dangers {

    private static final String FOREVER = "-1";
    private static final long HEADERS = 64L << 10;

    private Dangers() {}

    /**
     * One sentence for each.
     *
     * @param setting gives the value of a setting of the topic, empty when it is not known
     * @param replicas how many of each partition
     */
    static List<String> of(Function<String, String> setting, int replicas, long maxPayload) {
        List<String> dangers = new ArrayList<>();
        String retention = setting.apply(TopicConfig.RETENTION_MS_CONFIG);
        if (!retention.equals(FOREVER) && !retention.isEmpty()) {
            dangers.add(TopicConfig.RETENTION_MS_CONFIG + "=" + retention
                    + ": a message that a group has not settled by then is lost; set it to -1, or longer than any"
                    + " outage and any delay of a retry");
        }
        String bytes = setting.apply(TopicConfig.RETENTION_BYTES_CONFIG);
        if (!bytes.equals(FOREVER) && !bytes.isEmpty()) {
            dangers.add(TopicConfig.RETENTION_BYTES_CONFIG + "=" + bytes
                    + ": the oldest messages are lost beyond that, settled or not; set it to -1");
        }
        if (setting.apply(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG).equals("true")) {
            dangers.add(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG
                    + "=true: a replica that lags may take the lead and forget confirmed messages; set it to false");
        }
        if (replicas > 1
                && setting.apply(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG).equals("1")) {
            dangers.add(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG + "=1 with " + replicas
                    + " replicas: a message may be confirmed by one broker alone and be lost with it; set it to "
                    + (replicas / 2 + 1));
        }
        String largest = setting.apply(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        if (!largest.isEmpty() && Long.parseLong(largest) < maxPayload + HEADERS) {
            dangers.add(TopicConfig.MAX_MESSAGE_BYTES_CONFIG + "=" + largest
                    + ": less than the largest payload that QUEUE_MAX_PAYLOAD allows, with its headers");
        }
        return dangers;
    }
}
