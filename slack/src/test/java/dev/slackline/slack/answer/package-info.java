@NullMarked
package dev.slackline.slack.answer;

import org.jspecify.annotations.NullMarked;
