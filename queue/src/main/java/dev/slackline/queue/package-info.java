/**
 * The queue that applications use ({@link dev.slackline.queue.Queue}, {@link dev.slackline.queue.Worker}) and the small
 * interface that backends implement ({@link dev.slackline.queue.QueueBackend}).
 *
 * <p>Delivery is at least once to every declared group. What must behave the same on every backend is written here,
 * once; a backend contains only what differs.
 */
@NullMarked
package dev.slackline.queue;

import org.jspecify.annotations.NullMarked;
