package dev.slackline.slack.socket;

import org.jspecify.annotations.Nullable;

/** Puts the parts of a text message together, up to a bound; what goes beyond is thrown away as it comes. Not thread-safe. */
final class TextParts {

    private final int bound;
    private final StringBuilder begun = new StringBuilder();
    private boolean tooLarge;

    /** Texts of so many characters at the most. */
    TextParts(int bound) {
        this.bound = bound;
    }

    /** Takes the next part. @return the whole message after its last part, but for one that is too large; else null */
    @Nullable
    String add(CharSequence part, boolean last) {
        if (last && begun.isEmpty() && !tooLarge && part.length() <= bound) {
            return part.toString();
        }
        tooLarge |= (long) begun.length() + part.length() > bound;
        if (tooLarge) {
            begun.setLength(0);
            begun.trimToSize();
        } else {
            begun.append(part);
        }
        if (!last || tooLarge) {
            return null;
        }
        String whole = begun.toString();
        begun.setLength(0);
        return whole;
    }

    /** Whether the message that has just ended was too large; asked once after its last part. */
    boolean wasTooLarge() {
        boolean was = tooLarge;
        tooLarge = false;
        return was;
    }
}
