package dev.slackline.slack;

import dev.slackline.queue.Message;

/** What something genuine of Slack's wants. */
public sealed interface Incoming {

    /**
     * To be stored.
     *
     * @param message what is stored
     * @param answer the answer once it is
     */
    record Storable(Message message, IntakeAnswer answer) implements Incoming {

        /** Whether its sender, a person who waits at a screen, can be shown something with the acknowledgement. */
        public boolean isRepliable() {
            return message.key().startsWith(SlackMapping.COMMAND)
                    || message.key().startsWith(SlackMapping.INTERACTION);
        }
    }

    /**
     * To hear its challenge again.
     *
     * @param challenge what Slack wants to hear
     */
    record Challenge(String challenge) implements Incoming {}

    /** To be answered, no more. */
    record SslCheck() implements Incoming {}

    /**
     * Nothing that could be told: it can never be parsed.
     *
     * @param reason why; nothing of the body
     */
    record Malformed(String reason) implements Incoming {}
}
