package dev.slackline.slack.handler;

/**
 * A message that Slack has.
 *
 * @param channel where it is
 * @param ts its name there
 */
public record Posted(String channel, String ts) {}
