package dev.slackline.backend.sqlite;

import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.SerializationException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message as it stands in a row. */
final class StoredMessage {

    /** The columns that {@link #read} takes, in its order. */
    static final String COLUMNS = "published_at, id, key, ordering_key, headers, payload";

    private StoredMessage() {}

    /** What the column of the headers holds; null when there are none. */
    static @Nullable String headers(Message message) {
        return message.headers().isEmpty()
                ? null
                : Payload.of(message.headers()).text();
    }

    /**
     * Reads {@link #COLUMNS}. A row that another program wrote and that breaks the rules for names comes under names
     * that keep them, its payload untouched.
     *
     * @param first the number of the first of the columns
     */
    static Message read(ResultSet row, int first, long seq) throws SQLException {
        Instant publishedAt = Instant.ofEpochMilli(row.getLong(first));
        byte[] bytes = row.getBytes(first + 5);
        Payload payload = Payload.unchecked(bytes == null ? new byte[0] : bytes);
        try {
            return new Message(
                    row.getString(first + 1),
                    row.getString(first + 2),
                    row.getString(first + 3),
                    publishedAt,
                    headers(row.getString(first + 4)),
                    payload);
        } catch (IllegalArgumentException | SerializationException e) {
            return new Message("row-" + seq, "malformed", null, publishedAt, Map.of(), payload);
        }
    }

    private static Map<String, String> headers(@Nullable String json) {
        if (json == null) {
            return Map.of();
        }
        Map<String, String> headers = new HashMap<>();
        Payload.parse(json).asMap().forEach((name, value) -> headers.put(name, String.valueOf(value)));
        return headers;
    }
}
