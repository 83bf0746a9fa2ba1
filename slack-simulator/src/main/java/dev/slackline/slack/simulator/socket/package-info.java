/** The server side of Socket Mode, with the faults that Slack's has. */
@NullMarked
package dev.slackline.slack.simulator.socket;

import org.jspecify.annotations.NullMarked;
