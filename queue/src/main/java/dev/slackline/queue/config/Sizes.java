package dev.slackline.queue.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bytes as people write them: {@code 500}, {@code 64KiB}, {@code 1MiB}, {@code 2GiB}. */
final class Sizes {

    private static final Pattern SIZE = Pattern.compile("(\\d{1,18})\\s*(|b|k|kb|kib|m|mb|mib|g|gb|gib)");

    private Sizes() {}

    /**
     * Reads a size; {@code k}, {@code kb} and {@code kib} are all 1,024 bytes.
     *
     * @throws IllegalArgumentException if it is none, or out of bounds; the message says what is allowed
     */
    static long parse(String text, long min, long max) {
        Matcher matcher = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            int shift = matcher.group(2).isEmpty()
                    ? 0
                    : " kmg".indexOf(matcher.group(2).charAt(0)) * 10;
            long amount = Long.parseLong(matcher.group(1));
            if (shift < 0) {
                shift = 0; // plain bytes, "b"
            }
            if (amount <= max >> shift && amount << shift >= min) {
                return amount << shift;
            }
        }
        throw new IllegalArgumentException("use a size from " + min + " to " + max + " bytes, like 500, 64KiB or 1MiB");
    }
}
