package dev.slackline.backend.rabbitmq;

import com.rabbitmq.client.LongString;
import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.SerializationException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The header table of a message, in both directions. Headers whose names mean something to the broker or to us go into a
 * table of their own; all of them go to the front of the body when together they are too large for the one frame that
 * AMQP has for them.
 */
final class Headers {

    static final String OURS = "slackline-";

    /** User headers whose names are taken. */
    static final String MORE = OURS + "headers";

    static final String DEATHS = OURS + "deaths";

    /** How many bytes at the front of the body are not the payload but headers and deaths, as JSON. */
    static final String IN_BODY = OURS + "headers-in-body";

    private static final Set<String> ROUTING = Set.of("CC", "BCC");
    private static final String BROKERS = "x-";
    private static final int MOST_BYTES = 90_000; // of the 128 KiB of a frame
    private static final int MOST_BYTES_A_CHAR = 3;
    private static final int LONGEST_REASON = 2_000;
    private static final int MOST_HEADERS = 64;
    private static final int LONGEST_VALUE = 8 * 1024;

    private final Map<String, Object> table;
    private final Map<String, String> users;
    private final List<Death> deaths;
    private final byte[] payload;

    private Headers(Map<String, Object> table, Map<String, String> users, List<Death> deaths, byte[] payload) {
        this.table = table;
        this.users = users;
        this.deaths = deaths;
        this.payload = payload;
    }

    /** Adds headers and deaths to the table; returns the body. */
    static byte[] write(Map<String, String> users, List<Death> deaths, Map<String, Object> table, Payload payload) {
        if (users.isEmpty() && deaths.isEmpty()) {
            return payload.bytes();
        }
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
        if (size(users, deaths) > MOST_BYTES) {
            return writeToBody(users, written, table, payload);
        }
        Map<String, Object> more = new HashMap<>();
        users.forEach((name, value) -> (isTaken(name) ? more : table).put(name, value));
        if (!more.isEmpty()) {
            table.put(MORE, more);
        }
        if (!written.isEmpty()) {
            table.put(DEATHS, written);
        }
        return payload.bytes();
    }

    private static byte[] writeToBody(
            Map<String, String> users, List<Object> deaths, Map<String, Object> table, Payload payload) {
        byte[] front = Payload.of(Map.of(MORE, users, DEATHS, deaths)).bytes();
        byte[] rest = payload.bytes();
        table.put(IN_BODY, front.length);
        byte[] body = Arrays.copyOf(front, front.length + rest.length);
        System.arraycopy(rest, 0, body, front.length, rest.length);
        return body;
    }

    /** Takes apart what was received; what is malformed is left out. */
    static Headers read(@Nullable Map<String, Object> received, byte[] body) {
        Map<String, Object> table = received == null ? Map.of() : received;
        Map<String, String> users = new HashMap<>();
        table.forEach((name, value) -> {
            if (!isTaken(name)) {
                add(users, name, value);
            }
        });
        Map<?, ?> more = table;
        byte[] payload = body;
        Long front = number(table.get(IN_BODY));
        if (front != null && front > 0 && front <= body.length) {
            more = json(Arrays.copyOf(body, front.intValue()));
            payload = Arrays.copyOfRange(body, front.intValue(), body.length);
        }
        if (more.get(MORE) instanceof Map<?, ?> taken) {
            taken.forEach((name, value) -> add(users, String.valueOf(name), value));
        }
        return new Headers(table, users, deaths(more.get(DEATHS)), payload);
    }

    Map<String, String> users() {
        return users;
    }

    List<Death> deaths() {
        return deaths;
    }

    byte[] payload() {
        return payload;
    }

    @Nullable
    String text(String name) {
        Object value = table.get(name);
        return value instanceof LongString || value instanceof String ? value.toString() : null;
    }

    @Nullable
    Long number(String name) {
        return number(table.get(name));
    }

    private static @Nullable Long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : null;
    }

    private static boolean isTaken(String name) {
        return name.startsWith(OURS) || name.startsWith(BROKERS) || ROUTING.contains(name);
    }

    private static void add(Map<String, String> users, String name, @Nullable Object value) {
        if (!(value instanceof LongString
                || value instanceof String
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Date)) {
            return;
        }
        String text = value instanceof Date date ? date.toInstant().toString() : value.toString();
        if (Message.isName(name)
                && users.size() < MOST_HEADERS
                && Wire.utf8(text).length <= LONGEST_VALUE
                && StandardCharsets.UTF_8.newEncoder().canEncode(text)) { // JSON may hold half a character
            users.put(name, text);
        }
    }

    private static List<Death> deaths(@Nullable Object value) {
        if (!(value instanceof List<?> entries)) {
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

    private static Map<?, ?> json(byte[] bytes) {
        try {
            return Payload.unchecked(bytes).asMap();
        } catch (SerializationException e) {
            return Map.of();
        }
    }

    private static long size(Map<String, String> users, List<Death> deaths) {
        long chars = 0;
        for (Map.Entry<String, String> header : users.entrySet()) {
            chars += header.getKey().length() + header.getValue().length() + 8;
        }
        for (Death death : deaths) {
            chars += Math.min(death.reason().length(), LONGEST_REASON) + 64;
        }
        return chars * MOST_BYTES_A_CHAR;
    }

    private static String shortened(String reason) {
        if (reason.length() <= LONGEST_REASON) {
            return reason;
        }
        int end = Character.isHighSurrogate(reason.charAt(LONGEST_REASON - 1)) ? LONGEST_REASON - 1 : LONGEST_REASON;
        return reason.substring(0, end) + "…";
    }
}
