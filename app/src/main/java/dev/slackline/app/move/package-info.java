/** Moves what waits in one backend to another. {@link dev.slackline.app.move.Move} does it. */
@NullMarked
package dev.slackline.app.move;

import org.jspecify.annotations.NullMarked;
