/**
 * The compliance kit: what a backend must pass to be called one. Whoever writes a backend subclasses {@link
 * dev.slackline.queue.testkit.QueueBackendCompliance} in its tests; the tools that the kit is made of serve tests of
 * applications as well.
 */
@NullMarked
package dev.slackline.queue.testkit;

import org.jspecify.annotations.NullMarked;
