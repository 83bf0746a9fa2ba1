/**
 * Posting that survives a crash: {@link dev.slackline.slack.outbox.Outbox} keeps a post durably in a queue of its own, and a
 * {@link dev.slackline.slack.outbox.Postman} brings it to Slack, once, in the order of its channel.
 */
@NullMarked
package dev.slackline.slack.outbox;

import org.jspecify.annotations.NullMarked;
