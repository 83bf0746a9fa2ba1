/** Tests of the PostgreSQL backend, on private servers. */
@NullMarked
package dev.slackline.backend.postgres;

import org.jspecify.annotations.NullMarked;
