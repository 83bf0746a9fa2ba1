/** A local Slack for tests and for people who write handlers: start with {@link dev.slackline.slack.simulator.SlackSimulator}. */
@NullMarked
package dev.slackline.slack.simulator;

import org.jspecify.annotations.NullMarked;
