package dev.slackline.backend.postgres;

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
    static final String COLUMNS = "seq, published_at, id, key, ordering_key, headers, payload";

    private StoredMessage() {}

    /** What the column of the headers holds; null when there are none. */
    static @Nullable String headers(Message message) {
        return message.headers().isEmpty()
                ? null
                : Payload.of(message.headers()).text();
    }

    /**
     * Reads {@link #COLUMNS}, which come first. A row that another program wrote and that breaks the rules for names comes
     * under names that keep them, its payload untouched.
     */
    static Message read(ResultSet row) throws SQLException {
        Instant publishedAt = Instant.ofEpochMilli(row.getLong(2));
        Payload payload = Payload.unchecked(row.getBytes(7));
        try {
            return new Message(
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    publishedAt,
                    headers(row.getString(6)),
                    payload);
        } catch (IllegalArgumentException | SerializationException e) {
            return new Message("row-" + row.getLong(1), "malformed", null, publishedAt, Map.of(), payload);
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
