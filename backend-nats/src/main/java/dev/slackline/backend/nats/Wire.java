package dev.slackline.backend.nats;

import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.SerializationException;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A message as it is stored. The body is the payload, the subject the key, and headers are headers; ours begin with
 * {@code slackline-}, so that a publisher or consumer in another language needs none of this. A header that NATS has no
 * room for, by its name or value, goes encoded.
 */
final class Wire {

    static final String MESSAGE_ID = "Nats-Msg-Id";
    static final String ID = "slackline-id";
    static final String KEY = "slackline-key";
    static final String PUBLISHED_AT = "slackline-published-at";
    static final String ORDERING_KEY = "slackline-ordering-key";
    static final String ATTEMPT = "slackline-attempt";
    static final String DEATHS = "slackline-deaths";
    static final String ENCODED = "slackline-header-";

    private static final String OURS = "slackline-";
    private static final String BROKERS = "nats-";
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern PLAIN_VALUE = Pattern.compile("[!-~]([ -~]*[!-~])?");
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,15}");
    private static final Pattern SMALL_NUMBER = Pattern.compile("\\d{1,9}");
    private static final int MOST_HEADERS = 64;
    private static final int LONGEST_VALUE = 8 * 1024;
    private static final int LONGEST_REASON = 2_000;
    private static final String NAMELESS = "malformed";

    private Wire() {}

    /**
     * A message and its history, as they were stored.
     *
     * @param attempt what its first delivery from there is
     */
    record Stored(Message message, int attempt, List<Death> deaths) {}

    /**
     * Headers of a message as it is published.
     *
     * @param deduplicatedBy what the server tells duplicates by; null for nothing
     */
    static Headers pack(Message message, @Nullable String deduplicatedBy) {
        Headers headers = new Headers();
        String id = Percent.VALUE.encode(message.id());
        if (deduplicatedBy != null) {
            headers.put(MESSAGE_ID, deduplicatedBy);
        }
        if (!id.equals(deduplicatedBy)) {
            headers.put(ID, id);
        }
        headers.put(PUBLISHED_AT, Long.toString(message.publishedAt().toEpochMilli()));
        if (message.orderingKey() != null) {
            headers.put(ORDERING_KEY, Percent.VALUE.encode(message.orderingKey()));
        }
        message.headers().forEach((name, value) -> {
            if (isPlain(name, value)) {
                headers.put(name, value);
            } else {
                headers.put(
                        ENCODED + Percent.TOKEN.encode(name),
                        Percent.VALUE.encode(value)); // a value may be empty, or hold line breaks
            }
        });
        return headers;
    }

    /** {@link #pack} with its history, and its key where the subject does not tell it. */
    static Headers pack(Message message, @Nullable String deduplicatedBy, List<Death> deaths, boolean withKey) {
        Headers headers = pack(message, deduplicatedBy);
        if (withKey) {
            headers.put(KEY, Percent.VALUE.encode(message.key()));
        }
        if (!deaths.isEmpty()) {
            headers.put(DEATHS, Percent.VALUE.encode(json(deaths)));
        }
        return headers;
    }

    /**
     * What was stored. One that another program published, without any of this, is named after its place in the stream,
     * which is the same each time it comes; what breaks the rule for names comes under a name that keeps it.
     *
     * @param subject what the subject says of the key; null if it says nothing
     * @param stored when the server stored it
     */
    static Stored unpack(
            @Nullable Headers headers, @Nullable String subject, byte[] body, long sequence, Instant stored) {
        String orderingKey = decoded(headers, ORDERING_KEY);
        Message message = new Message(
                id(headers, sequence),
                key(decoded(headers, KEY), subject),
                orderingKey != null && Message.isName(orderingKey) ? orderingKey : null,
                publishedAt(text(headers, PUBLISHED_AT), stored),
                users(headers),
                Payload.unchecked(body));
        return new Stored(message, attempt(text(headers, ATTEMPT)), deaths(headers));
    }

    /** The id of a stored message. */
    static String id(@Nullable Headers headers, long sequence) {
        String id = text(headers, ID);
        if (id == null) {
            id = text(headers, MESSAGE_ID);
        }
        if (id == null) {
            return "foreign-" + sequence;
        }
        String decoded = Percent.VALUE.decode(id);
        String name = decoded == null ? id : decoded;
        return Message.isName(name) ? name : "foreign-" + sequence;
    }

    private static String key(@Nullable String header, @Nullable String subject) {
        String key = header == null ? subject : header;
        return key != null && Message.isName(key) ? key : NAMELESS;
    }

    private static Instant publishedAt(@Nullable String millis, Instant stored) {
        return millis != null && NUMBER.matcher(millis).matches()
                ? Instant.ofEpochMilli(Long.parseLong(millis))
                : stored;
    }

    private static int attempt(@Nullable String number) {
        return number != null && SMALL_NUMBER.matcher(number).matches() ? Math.max(1, Integer.parseInt(number)) : 1;
    }

    private static Map<String, String> users(@Nullable Headers headers) {
        if (headers == null) {
            return Map.of();
        }
        Map<String, String> users = new HashMap<>();
        for (String name : headers.keySet()) {
            String value = text(headers, name);
            if (value == null) {
                continue;
            }
            if (name.startsWith(ENCODED)) {
                add(users, Percent.TOKEN.decode(name.substring(ENCODED.length())), Percent.VALUE.decode(value));
            } else if (!isTaken(name)) {
                add(users, name, value);
            }
        }
        return users;
    }

    private static void add(Map<String, String> users, @Nullable String name, @Nullable String value) {
        if (name != null
                && value != null
                && Message.isName(name)
                && users.size() < MOST_HEADERS
                && value.getBytes(StandardCharsets.UTF_8).length <= LONGEST_VALUE) {
            users.put(name, value);
        }
    }

    private static boolean isPlain(String name, String value) {
        return PLAIN_NAME.matcher(name).matches() && PLAIN_VALUE.matcher(value).matches() && !isTaken(name);
    }

    private static boolean isTaken(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith(OURS) || lower.startsWith(BROKERS);
    }

    private static @Nullable String text(@Nullable Headers headers, String name) {
        return headers == null ? null : headers.getLast(name);
    }

    private static @Nullable String decoded(@Nullable Headers headers, String name) {
        String text = text(headers, name);
        return text == null ? null : Percent.VALUE.decode(text);
    }

    private static String json(List<Death> deaths) {
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
        return Payload.of(Map.of("deaths", written)).text();
    }

    private static List<Death> deaths(@Nullable Headers headers) {
        String json = decoded(headers, DEATHS);
        if (json == null) {
            return List.of();
        }
        List<Death> deaths = new ArrayList<>();
        try {
            Object written = Payload.unchecked(json.getBytes(StandardCharsets.UTF_8))
                    .asMap()
                    .get("deaths");
            for (Object entry : written instanceof List<?> entries ? entries : List.of()) {
                if (entry instanceof Map<?, ?> death
                        && death.get("at") instanceof Number at
                        && death.get("attempts") instanceof Number attempts) {
                    deaths.add(new Death(
                            Instant.EPOCH.plus(at.longValue(), ChronoUnit.MICROS),
                            attempts.intValue(),
                            String.valueOf(death.get("reason"))));
                }
            }
        } catch (SerializationException e) {
            return List.of(); // another program's
        }
        return deaths;
    }

    private static String shortened(String reason) {
        if (reason.length() <= LONGEST_REASON) {
            return reason;
        }
        int end = Character.isHighSurrogate(reason.charAt(LONGEST_REASON - 1)) ? LONGEST_REASON - 1 : LONGEST_REASON;
        return reason.substring(0, end) + "…";
    }
}
