/** From named values to running parts: every setting, logging, and the opened queue. */
@NullMarked
package dev.slackline.app.wiring;

import org.jspecify.annotations.NullMarked;
