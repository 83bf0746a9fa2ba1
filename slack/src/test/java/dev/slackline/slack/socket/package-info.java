@NullMarked
package dev.slackline.slack.socket;

import org.jspecify.annotations.NullMarked;
