package dev.slackline.backend.redis;

import java.util.List;
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

    Answer list(int i) {
        return of((List<?>) part(i));
    }

    private Object part(int i) {
        Object part = parts.get(i);
        if (part == null) {
            throw new IllegalStateException("the server answered nothing where something was expected");
        }
        return part;
    }
}
