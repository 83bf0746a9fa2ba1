@NullMarked
package dev.slackline.slack.event;

import org.jspecify.annotations.NullMarked;
