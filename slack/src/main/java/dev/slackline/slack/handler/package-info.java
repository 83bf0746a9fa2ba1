/**
 * Handlers for what Slack sends, over a group of the queue: {@link dev.slackline.slack.handler.SlackHandlers} says which
 * handler takes what, {@link dev.slackline.slack.handler.Slack} is what a handler answers with.
 */
@NullMarked
package dev.slackline.slack.handler;

import org.jspecify.annotations.NullMarked;
