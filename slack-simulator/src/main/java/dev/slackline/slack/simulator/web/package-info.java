/** The Web API: one small method for each of Slack's. */
@NullMarked
package dev.slackline.slack.simulator.web;

import org.jspecify.annotations.NullMarked;
