/**
 * PostgreSQL: a topic is a schema of a database, found as {@code postgres} through {@link
 * dev.slackline.backend.postgres.PostgresProvider}. Delivery is at least once; a publish is confirmed after its
 * transaction is committed. {@link dev.slackline.backend.postgres.PostgresQueue} publishes within a transaction of the
 * application's own. Each backend publishes, settles and lends on one thread each.
 */
@NullMarked
package dev.slackline.backend.postgres;

import org.jspecify.annotations.NullMarked;
