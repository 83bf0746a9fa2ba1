@NullMarked
package dev.slackline.slack.outbox;

import org.jspecify.annotations.NullMarked;
