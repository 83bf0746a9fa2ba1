/** Intake, queue and handlers in one process: {@link dev.slackline.slack.bot.Bot}. */
@NullMarked
package dev.slackline.slack.bot;

import org.jspecify.annotations.NullMarked;
