package dev.slackline.backend.postgres;

import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.Payload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a message died, as JSON in a column: {@code [{"at":…,"attempts":…,"reason":…}]}, oldest first. */
final class Deaths {

    private static final String LIST = "deaths";

    private Deaths() {}

    static String write(List<Death> deaths) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Death death : deaths) {
            all.add(Map.of("at", death.at().toEpochMilli(), "attempts", death.attempts(), "reason", death.reason()));
        }
        String object = Payload.of(Map.of(LIST, all)).text();
        return object.substring(object.indexOf('['), object.length() - 1);
    }

    static List<Death> read(@Nullable String json) {
        if (json == null) {
            return List.of();
        }
        List<Death> deaths = new ArrayList<>();
        Object list = Payload.parse("{\"" + LIST + "\":" + json + "}").asMap().get(LIST);
        for (Object entry : list instanceof List<?> entries ? entries : List.of()) {
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
}
