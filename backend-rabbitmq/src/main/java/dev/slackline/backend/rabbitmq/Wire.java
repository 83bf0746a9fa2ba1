package dev.slackline.backend.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message as it goes over the wire. The body is the payload, the routing key the key, and headers are headers; ours
 * begin with {@code slackline-}, so that a publisher or consumer in another language needs none of this. What has been in
 * a retry queue or a dead letter queue carries its key in a header, as the routing key is lost there.
 */
final class Wire {

    static final String PUBLISHED_AT = Headers.OURS + "published-at";
    static final String ORDERING_KEY = Headers.OURS + "ordering-key";
    static final String KEY = Headers.OURS + "key";
    static final String ATTEMPT = Headers.OURS + "attempt";
    static final String REMAINING_DELAY = Headers.OURS + "remaining-delay";

    private static final String RETURNS = "x-delivery-count";
    private static final String JSON = "application/json";
    private static final int PERSISTENT = 2;
    private static final String NAMELESS = "malformed";

    private Wire() {}

    /** Properties and body, as they are published. */
    static final class Packed {
        private final BasicProperties properties;
        private final byte[] body;

        Packed(BasicProperties properties, byte[] body) {
            this.properties = properties;
            this.body = body;
        }

        BasicProperties properties() {
            return properties;
        }

        byte[] body() {
            return body;
        }
    }

    /** A message as it goes to the exchange. */
    static Packed pack(Message message) {
        return pack(Story.first(message), headers(message));
    }

    /** A message with its history, as it goes straight into a queue. */
    static Packed packForQueue(Story story) {
        Map<String, Object> ours = headers(story.message());
        ours.put(KEY, story.message().key());
        ours.put(ATTEMPT, story.attempt());
        if (story.remainingDelay() > 0) {
            ours.put(REMAINING_DELAY, story.remainingDelay());
        }
        return pack(story, ours);
    }

    private static Packed pack(Story story, Map<String, Object> headers) {
        Message message = story.message();
        byte[] body = Headers.write(message.headers(), story.deaths(), headers, message.payload());
        BasicProperties properties = new BasicProperties.Builder()
                .deliveryMode(PERSISTENT)
                .contentType(JSON)
                .messageId(message.id())
                .timestamp(Date.from(message.publishedAt()))
                .headers(headers)
                .build();
        return new Packed(properties, body);
    }

    private static Map<String, Object> headers(Message message) {
        Map<String, Object> ours = new HashMap<>();
        ours.put(PUBLISHED_AT, message.publishedAt().toEpochMilli());
        if (message.orderingKey() != null) {
            ours.put(ORDERING_KEY, message.orderingKey());
        }
        return ours;
    }

    /**
     * What was received. One that another program published, without any of this, gets an id made of its content, which
     * is the same each time it comes; what breaks the rule for names comes under a name that keeps it.
     *
     * @param now the time of one that names none
     */
    static Story unpack(String routingKey, BasicProperties properties, byte[] body, Instant now) {
        Headers headers = Headers.read(properties.getHeaders(), body);
        String orderingKey = headers.text(ORDERING_KEY);
        Message message = new Message(
                id(properties.getMessageId(), routingKey, body),
                key(headers.text(KEY), routingKey),
                orderingKey != null && Message.isName(orderingKey) ? orderingKey : null,
                publishedAt(headers.number(PUBLISHED_AT), properties.getTimestamp(), now),
                headers.users(),
                Payload.unchecked(headers.payload()));
        Long attempt = headers.number(ATTEMPT);
        Long remaining = headers.number(REMAINING_DELAY);
        return new Story(
                message,
                attempt == null || attempt < 1 ? 1 : (int) Math.min(attempt, Integer.MAX_VALUE - 1),
                headers.deaths(),
                remaining == null ? 0 : Math.max(0, remaining));
    }

    /** How often a message has come back to its queue, as far as the broker counts that. */
    static long returns(BasicProperties properties) {
        Map<String, Object> headers = properties.getHeaders();
        return headers != null && headers.get(RETURNS) instanceof Number count ? count.longValue() : 0;
    }

    private static String id(@Nullable String id, String routingKey, byte[] body) {
        return id != null && Message.isName(id) ? id : "foreign-" + Digest.of(routingKey, body);
    }

    private static String key(@Nullable String kept, String routingKey) {
        String key = kept == null ? routingKey : kept;
        return Message.isName(key) ? key : NAMELESS;
    }

    private static Instant publishedAt(@Nullable Long millis, @Nullable Date timestamp, Instant now) {
        if (millis != null && Math.abs(millis) < Long.MAX_VALUE / 1000) {
            return Instant.ofEpochMilli(millis);
        }
        return timestamp == null ? now : timestamp.toInstant();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
