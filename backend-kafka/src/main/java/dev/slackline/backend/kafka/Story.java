package dev.slackline.backend.kafka;

import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message with its history, as a record holds it.
 *
 * @param deaths every time it died in its group, oldest first
 * @param onlyFor the one group it was put back for; null when it is everybody's
 * @param attempt which one its first delivery is
 */
record Story(Message message, List<Death> deaths, @Nullable String onlyFor, int attempt) {

    static Story first(Message message) {
        return new Story(message, List.of(), null, 1);
    }

    Story buried(Instant at, int attempts, String reason, String group) {
        List<Death> more = new ArrayList<>(deaths);
        more.add(new Death(at, attempts, reason));
        return putBack(message, more, group);
    }

    /** For one group alone, with a fresh attempt budget. */
    static Story putBack(Message message, List<Death> deaths, String group) {
        return new Story(message, deaths, group, 1);
    }
}
