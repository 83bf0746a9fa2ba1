/** The command line of Slackline; {@link dev.slackline.app.Main} is where a process starts. */
@NullMarked
package dev.slackline.app;

import org.jspecify.annotations.NullMarked;
