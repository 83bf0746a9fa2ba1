/**
 * Slack's Web API: {@link dev.slackline.slack.api.SlackApi} calls a method for a workspace, no faster than Slack allows,
 * and says what went wrong in {@link dev.slackline.slack.api.SlackApiException}.
 *
 * <p>A token leaves this package in the Authorization header of a request and nowhere else.
 */
@NullMarked
package dev.slackline.slack.api;

import org.jspecify.annotations.NullMarked;
