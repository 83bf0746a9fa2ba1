/** How what happens reaches the app: each occurrence with its attempts and Slack's retries. */
@NullMarked
package dev.slackline.slack.simulator.delivery;

import org.jspecify.annotations.NullMarked;
