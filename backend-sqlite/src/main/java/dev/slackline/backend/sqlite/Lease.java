package dev.slackline.backend.sqlite;

import org.jspecify.annotations.Nullable;

/**
 * A message lent to a member.
 *
 * @param token tells this lease from every other of the same message
 * @param orderingKey as it stands in the row
 * @param deaths earlier deaths, when it was replayed
 */
record Lease(
        long groupId,
        long seq,
        long token,
        int attempt,
        @Nullable String orderingKey,
        @Nullable String deaths) {}
