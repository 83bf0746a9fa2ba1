package dev.slackline.backend.postgres;

/**
 * A message lent to a member.
 *
 * @param token tells this lease from every other of the same message
 * @param ordered whether the message has an ordering key, so that others may wait behind it
 */
record Lease(int groupId, long seq, long token, int attempt, boolean ordered) {}
