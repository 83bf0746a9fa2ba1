/** The server: health, metrics and console beside the Slack intake. */
@NullMarked
package dev.slackline.app.serve;

import org.jspecify.annotations.NullMarked;
