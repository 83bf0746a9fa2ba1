/** What is in the simulated workspaces: people, channels, messages, tokens, open modals. */
@NullMarked
package dev.slackline.slack.simulator.state;

import org.jspecify.annotations.NullMarked;
