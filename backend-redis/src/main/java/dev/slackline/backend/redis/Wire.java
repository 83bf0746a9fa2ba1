package dev.slackline.backend.redis;

import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.SerializationException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message as an entry of a stream: {@code id}, {@code key}, {@code at} (milliseconds since 1970), {@code ordering-key},
 * {@code headers} (a JSON object) and {@code payload}. What has died has {@code deaths} and {@code message-id} besides.
 */
final class Wire {

    private static final byte[] NOTHING = {};
    private static final List<String> NAMES = List.of("id", "key", "at", "ordering-key", "headers", "payload");
    private static final String FOREIGN = "foreign";
    private static final String DEATHS = "deaths";

    private Wire() {}

    /** What an entry holds. */
    static final class Entry {

        private final Message message;
        private final byte[] lane;
        private final List<Death> deaths;

        private Entry(Message message, byte[] lane, List<Death> deaths) {
            this.message = message;
            this.lane = lane;
            this.deaths = deaths;
        }

        Message message() {
            return message;
        }

        /** The ordering key as the server sees it; empty for none. */
        byte[] lane() {
            return lane;
        }

        /** Those of earlier attempt budgets. */
        List<Death> deaths() {
            return deaths;
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The six values that {@code publish.lua} takes for each message. */
    static List<byte[]> pack(Message message) {
        String orderingKey = message.orderingKey();
        return List.of(
                utf8(message.id()),
                utf8(message.key()),
                utf8(Long.toString(message.publishedAt().toEpochMilli())),
                orderingKey == null ? NOTHING : utf8(orderingKey),
                message.headers().isEmpty()
                        ? NOTHING
                        : Payload.of(message.headers()).bytes(),
                message.payload().bytes());
    }

    /** The fields of an entry with its deaths, as scripts add it when it is not new; one of a dead letter names its message. */
    static List<byte[]> fields(Message message, List<Death> deaths, boolean dead) {
        List<byte[]> values = pack(message);
        List<byte[]> fields = new ArrayList<>();
        if (dead || !deaths.isEmpty()) {
            fields.addAll(List.of(utf8(DEATHS), pack(deaths)));
        }
        if (dead) {
            fields.addAll(List.of(utf8("message-id"), values.get(0)));
        }
        for (int i = 0; i < NAMES.size(); i++) {
            if (values.get(i).length > 0 || NAMES.get(i).equals("payload")) {
                fields.addAll(List.of(utf8(NAMES.get(i)), values.get(i)));
            }
        }
        return fields;
    }

    /**
     * An entry. One that another program added without any of this gets the id of the entry for its own, which is the same
     * each time it comes; what breaks the rule for names comes under a name that keeps it.
     */
    static Entry read(String entryId, Answer fields) {
        Map<String, byte[]> values = new HashMap<>();
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            values.put(fields.text(i), fields.bytes(i + 1));
        }
        byte[] id = values.getOrDefault("id", NOTHING);
        return entry(
                entryId,
                name(id, name(values.getOrDefault("message-id", NOTHING), FOREIGN + "-" + entryId)),
                NAMES.stream().map(name -> values.getOrDefault(name, NOTHING)).toList(),
                deaths(values.get(DEATHS)));
    }

    /** The same of the values that {@link #pack(Message)} makes, which stand in a list from there on. */
    static Entry read(String entryId, Answer values, int from) {
        List<byte[]> six = new ArrayList<>(6);
        for (int i = 0; i < 6; i++) {
            six.add(values.bytes(from + i));
        }
        return entry(entryId, name(six.get(0), FOREIGN + "-" + entryId), six, List.of());
    }

    private static Entry entry(String entryId, String id, List<byte[]> values, List<Death> deaths) {
        byte[] lane = values.get(3);
        Message bare = new Message(
                id,
                name(values.get(1), FOREIGN),
                orderingKey(lane),
                publishedAt(values.get(2), entryId),
                Map.of(),
                Payload.unchecked(values.get(5)));
        return new Entry(withHeaders(bare, values.get(4)), hasZero(lane) ? NOTHING : lane, deaths);
    }

    /** Every death of a message, as it is kept with it. */
    static byte[] pack(List<Death> deaths) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Death death : deaths) {
            all.add(Map.of("at", death.at().toEpochMilli(), "attempts", death.attempts(), "reason", death.reason()));
        }
        return Payload.of(Map.of(DEATHS, all)).bytes();
    }

    private static String name(byte[] value, String otherwise) {
        String name = text(value);
        return Message.isName(name) ? name : otherwise;
    }

    private static @Nullable String orderingKey(byte[] lane) {
        String key = text(lane);
        return lane.length > 0 && Message.isName(key) ? key : null;
    }

    private static boolean hasZero(byte[] lane) {
        for (byte each : lane) {
            if (each == 0) {
                return true;
            }
        }
        return false;
    }

    private static Instant publishedAt(byte[] millis, String entryId) {
        long written = millis(text(millis));
        return Instant.ofEpochMilli(written >= 0 ? written : millis(entryId.substring(0, entryId.indexOf('-'))));
    }

    /** What stands there, or -1 where no sensible time does. */
    private static long millis(String text) {
        try {
            long millis = Long.parseLong(text);
            return millis < Long.MAX_VALUE / 1000 ? millis : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Headers of another program that break the rules are left out. */
    private static Message withHeaders(Message message, byte[] json) {
        if (json.length == 0) {
            return message;
        }
        try {
            Map<String, String> headers = new HashMap<>();
            Payload.parse(json).asMap().forEach((name, value) -> headers.put(name, String.valueOf(value)));
            return message.withHeaders(headers);
        } catch (SerializationException | IllegalArgumentException e) {
            return message;
        }
    }

    private static List<Death> deaths(byte @Nullable [] json) {
        List<Death> deaths = new ArrayList<>();
        try {
            if (json != null && Payload.parse(json).asMap().get(DEATHS) instanceof List<?> all) {
                all.forEach(death -> add(death, deaths));
            }
        } catch (SerializationException e) {
            return deaths; // another program's field of this name
        }
        return deaths;
    }

    private static void add(@Nullable Object death, List<Death> deaths) {
        if (death instanceof Map<?, ?> map
                && map.get("at") instanceof Number at
                && map.get("attempts") instanceof Number attempts
                && map.get("reason") instanceof String reason) {
            deaths.add(new Death(Instant.ofEpochMilli(at.longValue()), attempts.intValue(), reason));
        }
    }
}
