/**
 * What Slack's traffic looks like to a handler: a typed view over a stored message, and the names of everything that
 * Slack sends.
 */
@NullMarked
package dev.slackline.slack.event;

import org.jspecify.annotations.NullMarked;
