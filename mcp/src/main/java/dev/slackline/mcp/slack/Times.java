package dev.slackline.mcp.slack;

import dev.slackline.queue.config.Durations;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;

/** Reads times as agents write them. */
final class Times {

    private static final Pattern TS = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,6})?");

    private Times() {}

    /** As the ts of a message. */
    static String ts(String name, Object value, int direction) {
        String text = String.valueOf(value).strip();
        return TS.matcher(text).matches()
                ? text
                : Long.toString(instant(name, text, direction).getEpochSecond());
    }

    /** In seconds since 1970. */
    static Long seconds(String name, Object value, int direction) {
        String text = String.valueOf(value).strip();
        return TS.matcher(text).matches()
                ? Long.valueOf(text.replaceFirst("\\..*", ""))
                : Long.valueOf(instant(name, text, direction).getEpochSecond());
    }

    private static Instant instant(String name, String text, int direction) {
        try {
            return text.contains("T") && !text.startsWith("P")
                    ? OffsetDateTime.parse(text).toInstant()
                    : Instant.now().plus(Durations.parse(text).multipliedBy(direction));
        } catch (DateTimeException | IllegalArgumentException | ArithmeticException e) {
            throw Field.wrong(name, "a time: 2026-01-31T09:00:00Z, 2h, 1d, or seconds since 1970");
        }
    }
}
