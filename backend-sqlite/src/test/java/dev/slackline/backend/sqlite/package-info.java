/** Tests of the SQLite backend on real files, in one process and in several. */
@NullMarked
package dev.slackline.backend.sqlite;

import org.jspecify.annotations.NullMarked;
