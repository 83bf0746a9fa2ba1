/** What a command shares with its process: the environment, the standard streams and the signals. The only place that touches them. */
@NullMarked
package dev.slackline.app.process;

import org.jspecify.annotations.NullMarked;
