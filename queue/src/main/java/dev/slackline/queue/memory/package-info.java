/**
 * The memory backend: the reference implementation, for tests and first steps. It passes the same compliance kit as
 * every other backend, less durability: messages do not survive the process.
 */
@NullMarked
package dev.slackline.queue.memory;

import org.jspecify.annotations.NullMarked;
