package dev.slackline.backend.sqlite;

import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.Payload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a message died, as JSON in a column: {@code {"deaths":[{"at":…,"attempts":…,"reason":…}]}}, oldest first. */
final class Deaths {

    private static final String LIST = "deaths";

    private Deaths() {}

    static String add(@Nullable String earlier, long at, int attempts, String reason) {
        List<Object> all = new ArrayList<>(entries(earlier));
        all.add(entry(at, attempts, reason));
        return Payload.of(Map.of(LIST, all)).text();
    }

    static String write(List<Death> deaths) {
        return Payload.of(Map.of(
                        LIST,
                        deaths.stream()
                                .map(death -> entry(death.at().toEpochMilli(), death.attempts(), death.reason()))
                                .toList()))
                .text();
    }

    static List<Death> read(@Nullable String json) {
        List<Death> deaths = new ArrayList<>();
        for (Object entry : entries(json)) {
            if (entry instanceof Map<?, ?> death
                    && death.get("at") instanceof Number at
                    && death.get("attempts") instanceof Number attempts) {
                deaths.add(new Death(
                        Instant.ofEpochMilli(at.longValue()),
                        attempts.intValue(),
                        String.valueOf(death.get("reason"))));
            }
        }
        return deaths;
    }

    private static Map<String, Object> entry(long at, int attempts, String reason) {
        return Map.of("at", at, "attempts", attempts, "reason", reason);
    }

    private static List<?> entries(@Nullable String json) {
        return json != null && Payload.parse(json).asMap().get(LIST) instanceof List<?> list ? list : List.of();
    }
}
