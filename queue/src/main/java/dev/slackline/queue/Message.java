package dev.slackline.queue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is published. Immutable.
 *
 * <p>The rule for names is one for all backends (case 78): an id, key or ordering key is 1 to 255 bytes of UTF-8 without
 * control characters and unpaired surrogates; a header name is the same, a header value may be empty and holds at most
 * 8 KiB; at most 64 headers. A group name is 1 to 64 of {@code A-Z a-z 0-9 _ -}. Whatever breaks the rule is refused,
 * whatever keeps it passes through every backend unchanged.
 *
 * @param id what makes a second publish of it a duplicate
 * @param key the routing key, {@code event.app_mention}
 * @param orderingKey messages that share one are handled in order; null promises no order
 * @param publishedAt when, in milliseconds; finer parts are cut off
 * @param headers names, case preserved, to values
 * @param payload the JSON object
 */
public record Message(
        String id,
        String key,
        @Nullable String orderingKey,
        Instant publishedAt,
        Map<String, String> headers,
        Payload payload) {

    private static final int MAX_NAME_BYTES = 255;
    private static final int MAX_HEADER_BYTES = 8 * 1024;
    private static final int MAX_HEADERS = 64;
    private static final Pattern GROUP_NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /**
     * Checks the names and copies the headers.
     *
     * @throws IllegalArgumentException if a name breaks the rule above
     */
    public Message {
        requireName("message id", id);
        requireName("key", key);
        if (orderingKey != null) {
            requireName("ordering key", orderingKey);
        }
        publishedAt = publishedAt.truncatedTo(ChronoUnit.MILLIS);
        headers = Map.copyOf(headers);
        if (headers.size() > MAX_HEADERS) {
            throw new IllegalArgumentException(
                    "a message has " + headers.size() + " headers; at most " + MAX_HEADERS + " are allowed");
        }
        headers.forEach(Message::requireHeader);
        Objects.requireNonNull(payload, "payload");
    }

    /** A message published now under a new id, without ordering key and headers. */
    public static Message of(String key, Payload payload) {
        Instant now = Instant.now();
        return new Message(newId(now), key, null, now, Map.of(), payload);
    }

    /** The same message under another id. */
    public Message withId(String newId) {
        return new Message(newId, key, orderingKey, publishedAt, headers, payload);
    }

    /** The same message with an ordering key. */
    public Message withOrderingKey(@Nullable String newOrderingKey) {
        return new Message(id, key, newOrderingKey, publishedAt, headers, payload);
    }

    /** The same message with these headers instead of its own. */
    public Message withHeaders(Map<String, String> newHeaders) {
        return new Message(id, key, orderingKey, publishedAt, newHeaders, payload);
    }

    /**
     * Checks the name of a group.
     *
     * @return the name
     * @throws IllegalArgumentException if it breaks the rule above
     */
    public static String requireGroupName(String name) {
        if (!GROUP_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "the group name " + quoted(name) + " is not allowed: use 1 to 64 letters, digits, '_' and '-'");
        }
        return name;
    }

    /** Whether a text may be an id, a key, an ordering key or the name of a header, by the rule above. */
    public static boolean isName(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c)) {
                return false;
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return false;
                }
                bytes += 4;
                i++;
            } else {
                bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            }
            if (bytes > MAX_NAME_BYTES) {
                return false;
            }
        }
        return bytes > 0;
    }

    /** An id that grows with time (a version 7 UUID), which keeps the indexes of ids compact. */
    private static String newId(Instant now) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = (now.toEpochMilli() << 16) | 0x7000 | random.nextInt(1 << 12);
        long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }

    private static void requireHeader(String name, String value) {
        requireName("header name", name);
        if (isName(value)) {
            return;
        }
        if (value.getBytes(StandardCharsets.UTF_8).length > MAX_HEADER_BYTES) {
            throw new IllegalArgumentException(
                    "the header " + quoted(name) + " is longer than " + MAX_HEADER_BYTES + " bytes");
        }
        requireEncodable("the value of header " + quoted(name), value);
    }

    private static void requireName(String what, String name) {
        if (isName(name)) {
            return;
        }
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the " + what + " is empty");
        }
        if (name.length() > MAX_NAME_BYTES || name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
            throw new IllegalArgumentException(
                    "the " + what + " " + quoted(name) + " is longer than " + MAX_NAME_BYTES + " bytes of UTF-8");
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the " + what + " " + quoted(name) + " holds a control character");
        }
        requireEncodable("the " + what, name);
    }

    private static void requireEncodable(String what, String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(what + " holds an unpaired surrogate");
        }
    }

    private static String quoted(String name) {
        String start = name.length() > 40 ? name.substring(0, 40) + "…" : name;
        return "'" + start.replaceAll("\\p{Cntrl}", "?") + "'";
    }
}
