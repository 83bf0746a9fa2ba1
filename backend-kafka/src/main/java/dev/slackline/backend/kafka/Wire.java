package dev.slackline.backend.kafka;

import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.SerializationException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A message as a record. The value is the payload, the record's key is the ordering key, and headers are headers; ours
 * begin with {@code slackline-}, so that a publisher or consumer in another language needs none of this.
 */
final class Wire {

    private static final String OURS = "slackline-";
    private static final String ID = OURS + "id";
    private static final String KEY = OURS + "key";
    private static final String PUBLISHED_AT = OURS + "published-at";
    private static final String ORDERING_KEY = OURS + "ordering-key";
    private static final String ONLY_FOR = OURS + "only-for";
    private static final String ATTEMPT = OURS + "attempt";
    private static final String DEATHS = OURS + "deaths";
    /** Before the name of a user's header that begins like ours. */
    private static final String USERS = OURS + "user-";

    private static final int MOST_HEADERS = 64;
    private static final int LONGEST_VALUE = 8 * 1024;
    private static final int LONGEST_REASON = 2_000;
    private static final String FOREIGN = "foreign";

    private Wire() {}

    /** A message as it goes to the topic: to the partition of its ordering key, or to any. */
    static ProducerRecord<byte[], byte[]> pack(String topic, Story story) {
        Message message = story.message();
        byte[] key = message.orderingKey() == null ? null : utf8(message.orderingKey());
        return withHeaders(new ProducerRecord<>(topic, key, message.payload().bytes()), story);
    }

    /** A dead letter of a group: a later one of the same message takes its place. */
    static ProducerRecord<byte[], byte[]> packDead(String topic, String key, Story story) {
        return withHeaders(
                new ProducerRecord<>(
                        topic, 0, utf8(key), story.message().payload().bytes()),
                story);
    }

    private static ProducerRecord<byte[], byte[]> withHeaders(ProducerRecord<byte[], byte[]> record, Story story) {
        Message message = story.message();
        Headers headers = record.headers();
        headers.add(ID, utf8(message.id()));
        headers.add(KEY, utf8(message.key()));
        headers.add(PUBLISHED_AT, utf8(Long.toString(message.publishedAt().toEpochMilli())));
        if (message.orderingKey() != null) {
            headers.add(ORDERING_KEY, utf8(message.orderingKey()));
        }
        if (story.onlyFor() != null) {
            headers.add(ONLY_FOR, utf8(story.onlyFor()));
        }
        if (story.attempt() > 1) {
            headers.add(ATTEMPT, utf8(Integer.toString(story.attempt())));
        }
        if (!story.deaths().isEmpty()) {
            headers.add(
                    DEATHS,
                    Payload.of(Map.of("deaths", written(story.deaths()))).bytes());
        }
        message.headers()
                .forEach((name, value) -> headers.add(name.startsWith(OURS) ? USERS + name : name, utf8(value)));
        return record;
    }

    /**
     * What was read. One that another program published gets an id made of its place, which is the same each time it is
     * read; what breaks the rule for names comes under a name that keeps it.
     */
    static Story unpack(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> ours = new HashMap<>();
        Map<String, String> users = new HashMap<>();
        for (Header header : record.headers()) {
            String value = header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
            if (header.key().startsWith(USERS)) {
                add(users, header.key().substring(USERS.length()), value);
            } else if (header.key().startsWith(OURS)) {
                ours.put(header.key(), value);
            } else {
                add(users, header.key(), value);
            }
        }
        byte[] payload = record.value() == null ? new byte[0] : record.value();
        Message message = new Message(
                id(ours.get(ID), record),
                name(ours.get(KEY), FOREIGN),
                orderingKey(ours, record.key()),
                publishedAt(ours.get(PUBLISHED_AT), record.timestamp()),
                users,
                Payload.unchecked(payload));
        return new Story(message, deaths(ours.get(DEATHS)), ours.get(ONLY_FOR), attempt(ours.get(ATTEMPT)));
    }

    private static @Nullable String orderingKey(Map<String, String> ours, byte @Nullable [] key) {
        String named = ours.get(ORDERING_KEY);
        if (named == null && key != null && !ours.containsKey(ID)) { // of another program, which knows no such header
            named = new String(key, StandardCharsets.UTF_8);
        }
        return named != null && Message.isName(named) ? named : null;
    }

    private static int attempt(@Nullable String text) {
        return text != null && text.matches("\\d{1,9}") ? Math.max(1, Integer.parseInt(text)) : 1;
    }

    private static String id(@Nullable String text, ConsumerRecord<byte[], byte[]> record) {
        return text != null && Message.isName(text)
                ? text
                : FOREIGN + "-" + record.topic() + "-" + record.partition() + "-" + record.offset();
    }

    private static String name(@Nullable String text, String otherwise) {
        return text != null && Message.isName(text) ? text : otherwise;
    }

    private static Instant publishedAt(@Nullable String millis, long timestamp) {
        if (millis != null) {
            try {
                long at = Long.parseLong(millis);
                if (Math.abs(at) < Long.MAX_VALUE / 1000) {
                    return Instant.ofEpochMilli(at);
                }
            } catch (NumberFormatException e) {
                // somebody else wrote it
            }
        }
        return Instant.ofEpochMilli(timestamp);
    }

    private static void add(Map<String, String> users, String name, String value) {
        if (Message.isName(name) && users.size() < MOST_HEADERS && utf8(value).length <= LONGEST_VALUE) {
            users.put(name, value);
        }
    }

    private static List<Object> written(List<Death> deaths) {
        List<Object> written = new ArrayList<>();
        for (Death death : deaths) {
            written.add(Map.of(
                    "at",
                    ChronoUnit.MICROS.between(Instant.EPOCH, death.at()),
                    "attempts",
                    death.attempts(),
                    "reason",
                    shortened(death.reason())));
        }
        return written;
    }

    private static List<Death> deaths(@Nullable String json) {
        if (json == null || !(map(utf8(json)).get("deaths") instanceof List<?> entries)) {
            return List.of();
        }
        List<Death> deaths = new ArrayList<>();
        for (Object entry : entries) {
            if (entry instanceof Map<?, ?> death
                    && death.get("at") instanceof Number at
                    && death.get("attempts") instanceof Number attempts) {
                deaths.add(new Death(
                        Instant.EPOCH.plus(at.longValue(), ChronoUnit.MICROS),
                        attempts.intValue(),
                        String.valueOf(death.get("reason"))));
            }
        }
        return deaths;
    }

    /** A JSON object that we wrote; an empty one if it is none. */
    static Map<String, Object> map(byte @Nullable [] json) {
        try {
            return json == null ? Map.of() : Payload.unchecked(json).asMap();
        } catch (SerializationException e) {
            return Map.of();
        }
    }

    private static String shortened(String reason) {
        if (reason.length() <= LONGEST_REASON) {
            return reason;
        }
        int end = Character.isHighSurrogate(reason.charAt(LONGEST_REASON - 1)) ? LONGEST_REASON - 1 : LONGEST_REASON;
        return reason.substring(0, end) + "…";
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
