package dev.slackline.backend.kafka;

import dev.slackline.queue.Payload;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one process of a group tells the others: what became of a delivery whose partition is another's now, or that there
 * is more work than it can take.
 *
 * @param from who says it
 * @param to whom it is meant for; empty for everybody
 * @param token of the delivery; 0 where it is about none
 * @param attempt which one is due
 * @param millis how long to wait, or how much longer it may be held
 */
record Note(Kind kind, String group, String from, String to, long token, int attempt, long millis) {

    /** What is said. */
    enum Kind {
        /** It is done with. */
        SETTLED,
        /** It failed, and is due again after a while. */
        RETRY,
        /** It was not processed: given back, or its lease is over. */
        BACK,
        /** It is held for longer. */
        RENEWED,
        /** There is more here than anybody asks for. */
        SURPLUS,
        /** There is nothing here, and somebody asks for it. */
        HUNGRY;

        boolean isLast() {
            return this == SETTLED || this == RETRY || this == BACK;
        }
    }

    static Note of(Kind kind, String group, String from, String to) {
        return new Note(kind, group, from, to, 0, 0, 0);
    }

    byte[] write() {
        Map<String, Object> json = new HashMap<>();
        json.put("kind", kind.name().toLowerCase(Locale.ROOT));
        json.put("group", group);
        json.put("from", from);
        json.put("to", to);
        json.put("token", token);
        json.put("attempt", attempt);
        json.put("millis", millis);
        return Payload.of(json).bytes();
    }

    /** Null for what we did not write. */
    static @Nullable Note read(byte @Nullable [] value) {
        Map<String, Object> json = Wire.map(value);
        for (Kind kind : Kind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(json.get("kind"))) {
                return new Note(
                        kind,
                        String.valueOf(json.get("group")),
                        String.valueOf(json.get("from")),
                        String.valueOf(json.get("to")),
                        number(json.get("token")),
                        (int) number(json.get("attempt")),
                        number(json.get("millis")));
            }
        }
        return null;
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }
}
