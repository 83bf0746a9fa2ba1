package dev.slackline.backend.rabbitmq;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message in a dead letter queue. We put it there with its deaths; the broker does it with a header of its own, when a
 * message came back to the group's queue too often.
 */
final class Burial {

    private static final String BY_BROKER = "x-death";

    private Burial() {}

    static DeadLetter read(Scan.Found found, String group, String groupQueue) {
        Map<String, Object> headers = found.properties().getHeaders();
        Map<?, ?> byBroker = headers == null ? null : entry(headers.get(BY_BROKER), groupQueue);
        String key = byBroker == null ? found.routingKey() : firstKey(byBroker, found.routingKey());
        Instant now = Instant.EPOCH;
        Story story = Wire.unpack(key, found.properties(), found.body(), now);
        List<Death> deaths = new ArrayList<>(story.deaths());
        if (byBroker != null || deaths.isEmpty()) {
            deaths.add(death(story, byBroker == null ? Map.of() : byBroker));
        }
        Message message = story.message();
        return new DeadLetter(message, group, deaths);
    }

    private static Death death(Story story, Map<?, ?> entry) {
        Instant at = entry.get("time") instanceof Date time ? time.toInstant() : Instant.EPOCH;
        String reason = String.valueOf(entry.get("reason"));
        return new Death(
                at,
                story.attempt(),
                reason.equals("delivery_limit")
                        ? "it came back " + Topology.MOST_RETURNS
                                + " times: whoever got it died or lost its connection before settling it"
                        : "the broker put it here: " + reason);
    }

    private static @Nullable Map<?, ?> entry(@Nullable Object entries, String queue) {
        if (entries instanceof List<?> list) {
            for (Object entry : list) {
                if (entry instanceof Map<?, ?> death && queue.equals(String.valueOf(death.get("queue")))) {
                    return death;
                }
            }
        }
        return null;
    }

    private static String firstKey(Map<?, ?> entry, String fallback) {
        return entry.get("routing-keys") instanceof List<?> keys && !keys.isEmpty()
                ? String.valueOf(keys.get(0))
                : fallback;
    }
}
