package dev.slackline.queue.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One declared setting. Immutable.
 *
 * @param <T> the type of its value
 * @param name the environment variable, {@code QUEUE_LEASE}
 * @param type what a value looks like, for people
 * @param fallback the default as it would be written; null when there is none and a value is required
 * @param secret whether its value is hidden wherever it is shown, and may come from a file named by {@code NAME_FILE}
 * @param description one sentence
 * @param parser turns text into the value; throws {@link IllegalArgumentException} saying what is allowed
 */
public record Setting<T>(
        String name,
        String type,
        @Nullable String fallback,
        boolean secret,
        String description,
        Function<String, T> parser) {

    private static final String PATH = "path";

    /** Any text. */
    public static Setting<String> text(String name, @Nullable String fallback, String description) {
        return new Setting<>(name, "text", fallback, false, description, text -> text);
    }

    /**
     * A file or folder: {@code $NAME} at its start is the value of that setting, {@code ~} the user's home folder. {@link
     * Settings#path} gives it whole.
     */
    public static Setting<String> path(String name, String fallback, String description) {
        return new Setting<>(name, PATH, fallback, false, description, text -> text);
    }

    /** Text that is never shown. An empty default means: not set. */
    public static Setting<String> secret(String name, @Nullable String fallback, String description) {
        return new Setting<>(name, "secret", fallback, true, description, text -> text);
    }

    /** A comma list; blanks around the parts and empty parts are dropped. */
    public static Setting<List<String>> list(String name, String fallback, String description) {
        return new Setting<>(name, "list", fallback, false, description, Setting::split);
    }

    /** A comma list whose parts are never shown. */
    public static Setting<List<String>> secretList(String name, String fallback, String description) {
        return new Setting<>(name, "secret list", fallback, true, description, Setting::split);
    }

    /** A whole number within bounds, both included. */
    public static Setting<Integer> integer(String name, int fallback, int min, int max, String description) {
        return new Setting<>(
                name, "number", Integer.toString(fallback), false, description, text -> parseInteger(text, min, max));
    }

    /** A time span within bounds, both included: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 25h}, {@code 7d}, ISO-8601. */
    public static Setting<Duration> duration(
            String name, String fallback, Duration min, Duration max, String description) {
        return new Setting<>(name, "duration", fallback, false, description, text -> Durations.parse(text, min, max));
    }

    /** A number of bytes within bounds, both included: {@code 500}, {@code 64KiB}, {@code 1MiB}, {@code 2GiB}. */
    public static Setting<Long> size(String name, String fallback, long min, long max, String description) {
        return new Setting<>(name, "size", fallback, false, description, text -> Sizes.parse(text, min, max));
    }

    /** {@code true} or {@code false}. */
    public static Setting<Boolean> bool(String name, boolean fallback, String description) {
        return new Setting<>(
                name, "true or false", Boolean.toString(fallback), false, description, Setting::parseBoolean);
    }

    /** One of the names of an enum, in lower case. */
    public static <E extends Enum<E>> Setting<E> choice(String name, Class<E> options, E fallback, String description) {
        String allowed =
                Arrays.stream(options.getEnumConstants()).map(Setting::lower).collect(Collectors.joining(", "));
        return new Setting<>(
                name,
                allowed,
                lower(fallback),
                false,
                description,
                text -> Arrays.stream(options.getEnumConstants())
                        .filter(option -> lower(option).equals(text.toLowerCase(Locale.ROOT)))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("use one of " + allowed)));
    }

    /** The same setting without a default: a value is required. */
    public Setting<T> required() {
        return new Setting<>(name, type, null, secret, description, parser);
    }

    /** Whether it names a file or folder. */
    public boolean isPath() {
        return type.equals(PATH);
    }

    /** What its name starts with, up to the first underscore and with it: {@code QUEUE_}. */
    public String prefix() {
        return name.substring(0, name.indexOf('_') + 1);
    }

    private static String lower(Enum<?> option) {
        return option.name().toLowerCase(Locale.ROOT);
    }

    private static List<String> split(String text) {
        return Stream.of(text.split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .distinct()
                .toList();
    }

    private static Integer parseInteger(String text, int min, int max) {
        try {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below, with the bounds
        }
        throw new IllegalArgumentException("use a whole number from " + min + " to " + max);
    }

    private static Boolean parseBoolean(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("use true or false");
        };
    }
}
