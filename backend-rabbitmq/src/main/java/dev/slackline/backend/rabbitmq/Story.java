package dev.slackline.backend.rabbitmq;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A message with its history.
 *
 * @param attempt 1 before the first failure
 * @param deaths every time it died in this group, oldest first
 * @param remainingDelay how many milliseconds it is still to wait beyond the queue it is in
 */
record Story(Message message, int attempt, List<Death> deaths, long remainingDelay) {

    static Story first(Message message) {
        return new Story(message, 1, List.of(), 0);
    }

    Story failed() {
        return new Story(message, attempt + 1, deaths, 0);
    }

    Story waiting(long millis) {
        return new Story(message, attempt, deaths, millis);
    }

    Story buried(Instant at, String reason) {
        List<Death> more = new ArrayList<>(deaths);
        more.add(new Death(at, attempt, reason));
        return new Story(message, 1, more, 0);
    }

    /** As it is kept with the dead. */
    static Story dead(DeadLetter letter) {
        return new Story(letter.message(), 1, letter.deaths(), 0);
    }

    static Story replayed(DeadLetter letter) {
        return new Story(letter.message(), 1, letter.deaths(), 0);
    }
}
