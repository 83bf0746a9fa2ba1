/**
 * The Kafka backend: one topic, a consumer group for each group, and three small topics beside it for what Kafka keeps no
 * place for: which groups are declared, what was settled by a process that no longer owns the partition, and dead letters.
 * Start with {@link dev.slackline.backend.kafka.KafkaProvider}. One thread of each process polls for each group that it
 * consumes; no handler runs on it.
 */
@NullMarked
package dev.slackline.backend.kafka;

import org.jspecify.annotations.NullMarked;
