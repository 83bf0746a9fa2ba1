package dev.slackline.slack.answer;

import dev.slackline.queue.Message;

/**
 * Whether somebody has something to say in the acknowledgement of a message. The one seam between intakes and the
 * synchronous lane, the same for HTTP and Socket Mode: an intake asks what to expect <em>before</em> it stores a message,
 * stores {@link Expectation#message()} instead, and waits for {@link Expectation#answer()} <em>after</em> that is durable.
 * Thread-safe; never blocks.
 */
@FunctionalInterface
public interface Answers {

    /** What to expect for a message that has just arrived. The time for an answer begins now. */
    Expectation expect(Message message);

    /** Nobody answers; every acknowledgement is plain, and goes out at once. */
    static Answers none() {
        return Expectation::nothing;
    }
}
