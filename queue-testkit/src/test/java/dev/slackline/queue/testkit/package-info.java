/** The kit tried on the memory backend, and on backends that are broken on purpose. */
@NullMarked
package dev.slackline.queue.testkit;

import org.jspecify.annotations.NullMarked;
