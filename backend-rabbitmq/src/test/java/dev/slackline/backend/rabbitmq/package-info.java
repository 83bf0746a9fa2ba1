/** Tests of the RabbitMQ backend. */
@NullMarked
package dev.slackline.backend.rabbitmq;

import org.jspecify.annotations.NullMarked;
