package dev.slackline.mcp.inbox;

import dev.slackline.mcp.access.RefusedException;
import dev.slackline.slack.event.KeyPattern;
import dev.slackline.slack.event.SlackEvent;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** What an agent gave, read without trust in who checked it before. Every mistake is a {@link RefusedException}. */
final class Arguments {

    static final int MAX_FILTERS = 50;
    static final int MAX_NAME = 255;

    private final Map<String, Object> values;

    Arguments(Map<String, Object> values) {
        this.values = values;
    }

    /** The group, which must be one of these; the first if none is named. */
    String group(List<String> allowed) {
        String group = text("group", allowed.get(0), MAX_NAME);
        if (!allowed.contains(group)) {
            throw new RefusedException(
                    "This group is not open to agents; use one of: " + String.join(", ", allowed) + ".");
        }
        return group;
    }

    Filter filter(Predicate<SlackEvent> visible) {
        List<KeyPattern> keys =
                texts("keys", MAX_FILTERS).stream().map(KeyPattern::of).toList();
        return new Filter(keys, texts("channels", MAX_FILTERS), texts("users", MAX_FILTERS), visible);
    }

    /** A number of seconds within bounds, both included. */
    Duration seconds(String name, Duration fallback, Duration min, Duration max) {
        return Duration.ofSeconds(number(name, fallback.toSeconds(), min.toSeconds(), max.toSeconds()));
    }

    int count(String name, int fallback, int max) {
        return (int) number(name, fallback, 1, max);
    }

    boolean flag(String name) {
        Object value = values.get(name);
        if (value != null && !(value instanceof Boolean)) {
            throw new RefusedException(name + " must be true or false.");
        }
        return Boolean.TRUE.equals(value);
    }

    /** Words of the agent's own; without control characters. */
    String text(String name, String fallback, int maxLength) {
        Object value = values.get(name);
        if (value == null) {
            return fallback;
        }
        if (!(value instanceof String text) || text.isBlank() || text.length() > maxLength) {
            throw new RefusedException(name + " must be a text of 1 to " + maxLength + " characters.");
        }
        return text.strip().replaceAll("\\p{Cntrl}", " ");
    }

    /** Different texts, none of them empty; none if there is no such argument. */
    Set<String> texts(String name, int most) {
        Object value = values.get(name);
        if (value == null) {
            return Set.of();
        }
        if (!(value instanceof List<?> list) || list.size() > most) {
            throw new RefusedException(name + " must be a list of at most " + most + " texts.");
        }
        Set<String> texts = new LinkedHashSet<>();
        for (Object each : list) {
            if (!(each instanceof String text) || text.isBlank() || text.length() > MAX_NAME) {
                throw new RefusedException(name + " must hold texts of 1 to " + MAX_NAME + " characters.");
            }
            texts.add(text.strip());
        }
        return texts;
    }

    /** As {@link #texts}, and at least one. */
    Set<String> someTexts(String name, int most) {
        Set<String> texts = texts(name, most);
        if (texts.isEmpty()) {
            throw new RefusedException(name + " is missing: name at least one.");
        }
        return texts;
    }

    private long number(String name, long fallback, long min, long max) {
        Object value = values.get(name);
        if (value == null) {
            return Math.max(min, Math.min(fallback, max));
        }
        double number = value instanceof Number given ? given.doubleValue() : Double.NaN;
        if (!(number >= min && number <= max) || number != Math.rint(number)) {
            throw new RefusedException(name + " must be a whole number from " + min + " to " + max + ".");
        }
        return (long) number;
    }
}
