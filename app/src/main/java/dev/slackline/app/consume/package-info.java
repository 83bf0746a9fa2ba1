/** What becomes of a consumed delivery: a line on stdout, a program's run, or an HTTP request. */
@NullMarked
package dev.slackline.app.consume;

import org.jspecify.annotations.NullMarked;
