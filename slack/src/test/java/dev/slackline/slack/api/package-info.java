@NullMarked
package dev.slackline.slack.api;

import org.jspecify.annotations.NullMarked;
