@NullMarked
package dev.slackline.slack.install;

import org.jspecify.annotations.NullMarked;
