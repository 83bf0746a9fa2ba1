@NullMarked
package dev.slackline.slack.handler;

import org.jspecify.annotations.NullMarked;
