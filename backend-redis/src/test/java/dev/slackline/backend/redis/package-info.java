/** Tests of the Redis backend; the compliance kit does most of it. */
@NullMarked
package dev.slackline.backend.redis;

import org.jspecify.annotations.NullMarked;
