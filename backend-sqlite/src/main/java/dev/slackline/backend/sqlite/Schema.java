package dev.slackline.backend.sqlite;

import java.util.List;

/**
 * What the file holds.
 *
 * <p>A group reads the messages in order with a cursor, so a publish writes one row however many groups there are. What a
 * group has passed and not settled has a row in {@code delivery}: leased ({@code token} set, {@code due} the end of the
 * lease), ready or delayed ({@code due} the time from which it may be had, 0 for now), or blocked behind an earlier
 * message of its ordering key ({@code due} null). A message goes when every cursor has passed it and no delivery of it
 * is left. What came from another backend for one group has a number below 1, which every cursor has passed. All times are milliseconds since 1970.
 */
final class Schema {

    /** "Slkl", in the header of the file: what tells our files from those of other programs. */
    static final int APPLICATION_ID = 0x536c6b6c;

    /** In the header of the file; a newer one is not opened. */
    static final int VERSION = 1;

    /** Below the numbers of all that was taken over from another backend. */
    static final long FIRST_RESTORED = -(1L << 62);

    static final List<String> STATEMENTS = List.of(
            // next_seq is never given out twice; sweep_* is the range that still has to be searched for messages that
            // nobody needs any more
            """
            CREATE TABLE state (
              one INTEGER PRIMARY KEY CHECK (one = 1),
              next_seq INTEGER NOT NULL,
              sweep_from INTEGER NOT NULL,
              sweep_to INTEGER NOT NULL)""",
            "INSERT INTO state VALUES (1, 1, 0, 0)",
            """
            CREATE TABLE message (
              seq INTEGER PRIMARY KEY,
              published_at INTEGER NOT NULL,
              id TEXT NOT NULL,
              key TEXT NOT NULL,
              ordering_key TEXT,
              headers TEXT,
              payload BLOB NOT NULL)""",
            """
            CREATE TABLE seen (
              id TEXT PRIMARY KEY,
              at INTEGER NOT NULL) WITHOUT ROWID""",
            // from dense_from on no number below next_seq is missing in message, so what waits is counted by
            // subtraction
            """
            CREATE TABLE consumer_group (
              id INTEGER PRIMARY KEY AUTOINCREMENT,
              name TEXT NOT NULL UNIQUE,
              cursor INTEGER NOT NULL,
              dense_from INTEGER NOT NULL,
              consumed_at INTEGER NOT NULL)""",
            """
            CREATE TABLE delivery (
              group_id INTEGER NOT NULL,
              seq INTEGER NOT NULL,
              due INTEGER,
              token INTEGER,
              attempt INTEGER NOT NULL,
              ordering_key TEXT,
              deaths TEXT,
              PRIMARY KEY (group_id, seq)) WITHOUT ROWID""",
            "CREATE INDEX delivery_due ON delivery (group_id, due, seq) WHERE due IS NOT NULL",
            "CREATE INDEX delivery_key ON delivery (group_id, ordering_key, seq) WHERE ordering_key IS NOT NULL",
            """
            CREATE TABLE dead (
              n INTEGER PRIMARY KEY AUTOINCREMENT,
              group_id INTEGER NOT NULL,
              seq INTEGER NOT NULL,
              published_at INTEGER NOT NULL,
              id TEXT NOT NULL,
              key TEXT NOT NULL,
              ordering_key TEXT,
              headers TEXT,
              payload BLOB NOT NULL,
              deaths TEXT NOT NULL)""",
            "CREATE INDEX dead_order ON dead (group_id, n)",
            "CREATE INDEX dead_id ON dead (group_id, id)",
            """
            CREATE TABLE member (
              process TEXT NOT NULL,
              group_id INTEGER NOT NULL,
              members INTEGER NOT NULL,
              beat_at INTEGER NOT NULL,
              PRIMARY KEY (process, group_id)) WITHOUT ROWID""");

    private Schema() {}
}
