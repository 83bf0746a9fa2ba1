package dev.slackline.slack.handler;

import dev.slackline.slack.event.KeyPattern;
import dev.slackline.slack.event.SlackEvent;
import java.util.List;
import java.util.function.Predicate;

/**
 * A handler and what it takes.
 *
 * @param name its name in retries and dead letters, the same in every run
 * @param keys patterns of the keys it takes
 * @param condition what else must hold
 * @param answers whether it may say something in the acknowledgement
 * @param handler what is called
 */
record Route(
        String name,
        List<KeyPattern> keys,
        Predicate<SlackEvent> condition,
        boolean answers,
        AnsweringHandler handler) {

    boolean takes(SlackEvent event) {
        return takesKey(event.message().key()) && condition.test(event);
    }

    boolean takesKey(String key) {
        return keys.stream().anyMatch(pattern -> pattern.matches(key));
    }
}
