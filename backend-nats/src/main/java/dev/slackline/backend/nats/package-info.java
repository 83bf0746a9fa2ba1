/**
 * The NATS JetStream backend: one stream of messages, and a durable pull consumer for each group. Entry: {@link
 * dev.slackline.backend.nats.NatsProvider}. At least once; several processes share the topic. Needs NATS 2.9 or newer
 * with JetStream.
 */
@NullMarked
package dev.slackline.backend.nats;

import org.jspecify.annotations.NullMarked;
