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
 */
record Story(Message message, List<Death> deaths, @Nullable String onlyFor) {

    static Story first(Message message) {
        return new Story(message, List.of(), null);
    }

    Story buried(Instant at, int attempt, String reason, String group) {
        List<Death> more = new ArrayList<>(deaths);
        more.add(new Death(at, attempt, reason));
        return new Story(message, more, group);
    }
}
