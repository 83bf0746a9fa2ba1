package dev.slackline.backend.redis;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the server answered to one command: numbers, bytes, and lists of such.
 *
 * @param parts the list that it is, or the one part
 */
record Answer(List<@Nullable Object> parts) {

    @SuppressWarnings({"unchecked", "NullAway"}) // the client library does not say that there may be nulls
    static Answer of(List<?> parts) {
        return new Answer((List<@Nullable Object>) parts);
    }

    int size() {
        return parts.size();
    }

    byte[] bytes(int i) {
        return (byte[]) part(i);
    }

    String text(int i) {
        return parts.get(i) instanceof byte[] bytes ? Wire.text(bytes) : String.valueOf(parts.get(i));
    }

    long number(int i) {
        return parts.get(i) instanceof Long number ? number : Long.parseLong(text(i));
    }

    boolean isList(int i) {
        return parts.get(i) instanceof List<?>;
    }

    Answer list(int i) {
        return of((List<?>) part(i));
    }

    /** Names and values in turn. */
    Map<String, String> pairs() {
        Map<String, String> pairs = new HashMap<>();
        for (int i = 0; i + 1 < size(); i += 2) {
            pairs.put(text(i), text(i + 1));
        }
        return pairs;
    }

    private Object part(int i) {
        Object part = parts.get(i);
        if (part == null) {
            throw new IllegalStateException("the server answered nothing where something was expected");
        }
        return part;
    }
}
