package dev.slackline.slack.event;

import java.util.regex.Pattern;

/**
 * Which keys are meant: a key itself, or one with {@code *} for any characters, dots included. {@code event.message.*}
 * means every message with a subtype and not those without. Immutable.
 */
public final class KeyPattern {

    private final String text;
    private final Pattern pattern;

    private KeyPattern(String text) {
        this.text = text;
        this.pattern = Pattern.compile(Pattern.quote(text).replace("*", "\\E.*\\Q"), Pattern.DOTALL);
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public static KeyPattern of(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("an empty pattern matches nothing; '*' matches everything");
        }
        return new KeyPattern(text);
    }

    /** Whether the whole key is as the pattern says. */
    public boolean matches(String key) {
        return pattern.matcher(key).matches();
    }

    /** The pattern as it was written. */
    @Override
    public String toString() {
        return text;
    }
}
