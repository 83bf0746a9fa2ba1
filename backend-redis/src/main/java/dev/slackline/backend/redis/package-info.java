/**
 * The Redis backend: one stream with a consumer group for each group, and Lua scripts that lend and settle in one step.
 * Entry: {@link dev.slackline.backend.redis.RedisProvider}. At least once; several processes share the topic. Needs Redis
 * 6.2 or newer and no module. A confirmed message is as safe as the server's {@code appendonly} and {@code appendfsync}.
 */
@NullMarked
package dev.slackline.backend.redis;

import org.jspecify.annotations.NullMarked;
