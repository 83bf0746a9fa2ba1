package dev.slackline.queue;

/** What became of a settlement. */
public enum Settlement {
    /** It took effect. */
    SETTLED,
    /** The same delivery object was settled before; that settlement stands. */
    ALREADY_SETTLED,
    /** The lease had passed to somebody else; nothing changed. */
    STALE
}
