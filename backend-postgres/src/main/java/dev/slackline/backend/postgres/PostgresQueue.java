package dev.slackline.backend.postgres;

import dev.slackline.queue.Message;
import dev.slackline.queue.PublishException;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.SerializationException;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Publishes within a transaction of the application's own, in the same database: what the transaction changes and what it
 * publishes are there both, or neither. This is the outbox that other brokers need a table and a relay for.
 *
 * <pre>{@code
 * PostgresQueue queue = PostgresQueue.fromEnv(System.getenv());
 * connection.setAutoCommit(false);
 * orders.insert(connection, order);
 * queue.publish(connection, Message.of("event.order_placed", Payload.of(order.asMap())));
 * connection.commit();   // now, and not before, consumers get it
 * }</pre>
 *
 * <p>Thread-safe, and holds no connection. The topic must exist: some backend or {@code slackline groups declare} has made
 * it.
 */
public final class PostgresQueue {

    private final String schema;
    private final QueueSettings settings;

    private PostgresQueue(String schema, QueueSettings settings) {
        this.schema = schema;
        this.settings = settings;
    }

    /**
     * The topic in this schema, with the deduplication window and the largest payload of these settings.
     *
     * @throws IllegalArgumentException if the name is none that {@code POSTGRES_SCHEMA} allows
     */
    public static PostgresQueue in(String schema, QueueSettings settings) {
        return new PostgresQueue(PostgresSettings.requireSchema(schema), settings);
    }

    /**
     * The topic that {@code POSTGRES_SCHEMA}, {@code QUEUE_DEDUP_WINDOW} and {@code QUEUE_MAX_PAYLOAD} name. Connects to
     * nothing.
     *
     * @throws ConfigurationException listing every variable that is wrong
     */
    public static PostgresQueue fromEnv(Map<String, String> env) {
        List<Setting<?>> declared = new ArrayList<>(QueueSettings.ALL);
        declared.add(PostgresSettings.SCHEMA);
        Settings parsed = Settings.parse(env, declared);
        return new PostgresQueue(parsed.get(PostgresSettings.SCHEMA), QueueSettings.from(parsed));
    }

    /**
     * Stores a message for every declared group as part of the transaction that the connection is in; the commit makes it
     * durable and wakes consumers, a rollback leaves nothing of it. Blocks for one round trip, and longer only while
     * another transaction that has not ended holds the same message id. A message whose id was stored within the
     * deduplication window is not stored again. A connection in autocommit mode commits at once. Messages of one
     * ordering key that are published by transactions which overlap are in the order in which they were published
     * here, as far as they become visible in it.
     *
     * @return whether the message is new
     * @throws SerializationException if the payload is no JSON object; nothing was sent to the server
     * @throws PublishException not retryable, if the payload is too large, or no group is declared; the transaction can go
     *     on
     * @throws SQLException if the server refuses; the transaction can then only be rolled back
     */
    public boolean publish(Connection connection, Message message) throws SQLException {
        requireAcceptable(message);
        int stored = new Offer(List.of(message)).store(connection, schema, settings.dedupWindow());
        if (stored == Offer.NOBODY) {
            throw failure(Offer.UNDECLARED);
        }
        if (stored > 0) {
            try (PreparedStatement notify = connection.prepareStatement("SELECT pg_notify(?, '')")) {
                notify.setString(1, Bell.channel(schema));
                notify.execute();
            }
        }
        return stored > 0;
    }

    private void requireAcceptable(Message message) {
        if (message.payload().size() > settings.maxPayload()) {
            throw failure("the payload has " + message.payload().size() + " bytes; " + QueueSettings.MAX_PAYLOAD.name()
                    + " allows " + settings.maxPayload());
        }
        message.payload().problem().ifPresent(why -> {
            throw new SerializationException(
                    "the payload is no JSON object: " + why, PostgresProvider.NAME, schema, null);
        });
    }

    private PublishException failure(String what) {
        return new PublishException(
                what + " (backend " + PostgresProvider.NAME + ", schema " + schema + ")",
                PostgresProvider.NAME,
                schema,
                false,
                null);
    }
}
