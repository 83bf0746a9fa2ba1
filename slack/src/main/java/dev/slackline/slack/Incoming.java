package dev.slackline.slack;

import dev.slackline.queue.Message;

/** What a genuine request wants. */
sealed interface Incoming {

    /** To be stored; answered with {@code answer} once it is. */
    record Storable(Message message, IntakeAnswer answer) implements Incoming {}

    /** To hear its challenge again. */
    record Challenge(String challenge) implements Incoming {}

    /** To be answered, no more. */
    record SslCheck() implements Incoming {}

    /** Nothing that could be told: it can never be parsed. */
    record Malformed(String reason) implements Incoming {}
}
