package dev.slackline.slack.outbox;

/**
 * A message that Slack has.
 *
 * @param id the post's
 * @param channel the conversation it is in; for a post to a user, that of their direct messages
 * @param ts its time stamp, by which Slack knows it in the channel
 */
public record Posted(String id, String channel, String ts) {}
