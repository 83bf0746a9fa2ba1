package dev.slackline.backend.postgres;

import dev.slackline.queue.Message;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages as the function {@code publish} of the schema takes them: column by column, in one statement. */
final class Offer {

    /** What the function says when no group is declared. */
    static final int NOBODY = -1;

    static final String UNDECLARED =
            "not stored: no group is declared, so nobody would ever get this message; declare one";

    private final String[] ids;
    private final String[] keys;
    private final @Nullable String[] orderingKeys;
    private final long[] publishedAt;
    private final @Nullable String[] headers;
    private final byte[][] payloads;

    Offer(List<Message> messages) {
        int size = messages.size();
        ids = new String[size];
        keys = new String[size];
        orderingKeys = new @Nullable String[size];
        publishedAt = new long[size];
        headers = new @Nullable String[size];
        payloads = new byte[size][];
        for (int i = 0; i < size; i++) {
            Message message = messages.get(i);
            ids[i] = message.id();
            keys[i] = message.key();
            orderingKeys[i] = message.orderingKey();
            publishedAt[i] = message.publishedAt().toEpochMilli();
            headers[i] = StoredMessage.headers(message);
            payloads[i] = message.payload().bytes();
        }
    }

    /** Stores them. @return how many rows that made, or {@link #NOBODY} */
    int store(Connection connection, String schema, Duration window) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + schema
                + ".publish(?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::bytea[], ?)")) {
            statement.setObject(1, ids);
            statement.setObject(2, keys);
            statement.setObject(3, orderingKeys);
            statement.setObject(4, publishedAt);
            statement.setObject(5, headers);
            statement.setObject(6, payloads);
            statement.setLong(7, window.toMillis());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }
}
