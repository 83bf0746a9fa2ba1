/** What writers of backends may build on. Users of a queue need nothing from here. */
@NullMarked
package dev.slackline.queue.spi;

import org.jspecify.annotations.NullMarked;
