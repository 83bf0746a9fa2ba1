/**
 * The default backend: one SQLite file, found as {@code sqlite} through {@link
 * dev.slackline.backend.sqlite.SqliteProvider}. Delivery is at least once; a publish is confirmed after its transaction
 * is on disk. Several processes of one machine may share the file. Each backend writes on one thread of its own.
 */
@NullMarked
package dev.slackline.backend.sqlite;

import org.jspecify.annotations.NullMarked;
