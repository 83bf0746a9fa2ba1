/** Slack's own SDKs, unmodified but for the address of the Web API. */
@NullMarked
package dev.slackline.slack.simulator.sdk;

import org.jspecify.annotations.NullMarked;
