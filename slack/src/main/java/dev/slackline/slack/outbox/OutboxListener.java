package dev.slackline.slack.outbox;

/** Hears what becomes of posts. Called on the postman's threads, concurrently; must return soon. */
public interface OutboxListener {

    /** Slack has it. Heard again, once in a while, when the process was killed between posting and noting it down. */
    default void posted(Posted posted) {}

    /** Slack will not have it: it is a dead letter now. */
    default void refused(String id, String reason) {}
}
