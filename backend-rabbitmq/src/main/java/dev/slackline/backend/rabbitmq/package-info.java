/**
 * The RabbitMQ backend: a durable topic exchange, and one quorum queue for each group. Entry: {@link
 * dev.slackline.backend.rabbitmq.RabbitMqProvider}. At least once; several processes share the topic. Needs RabbitMQ 3.10
 * or newer and no plug-in.
 */
@NullMarked
package dev.slackline.backend.rabbitmq;

import org.jspecify.annotations.NullMarked;
