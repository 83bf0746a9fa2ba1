package dev.slackline.slack.event;

/**
 * Which keys are meant: a key itself, or one with {@code *} for any characters, dots included. {@code event.message.*}
 * means every message with a subtype and not those without. Immutable.
 */
public final class KeyPattern {

    private static final char ANYTHING = '*';

    private final String text;

    private KeyPattern(String text) {
        this.text = text;
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

    /** Whether the whole key is as the pattern says. The time is bounded by the product of the lengths, however it is written. */
    public boolean matches(String key) {
        int at = 0;
        int place = 0;
        int lastStar = -1;
        int afterStar = 0;
        while (at < key.length()) {
            char wanted = place < text.length() ? text.charAt(place) : 0;
            if (place < text.length() && wanted == ANYTHING) {
                lastStar = place++;
                afterStar = at;
            } else if (place < text.length() && wanted == key.charAt(at)) {
                place++;
                at++;
            } else if (lastStar >= 0) { // the last star takes one more
                place = lastStar + 1;
                at = ++afterStar;
            } else {
                return false;
            }
        }
        return text.substring(place).chars().allMatch(rest -> rest == ANYTHING);
    }

    /** The pattern as it was written. */
    @Override
    public String toString() {
        return text;
    }
}
