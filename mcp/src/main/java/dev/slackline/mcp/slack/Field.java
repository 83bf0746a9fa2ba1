package dev.slackline.mcp.slack;

import dev.slackline.mcp.access.RefusedException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An argument of a tool: its schema, and what becomes of it in Slack's call. Immutable.
 *
 * @param name what agents call it
 * @param schema its JSON Schema
 * @param required whether it must be given
 * @param fallback what it is if it is not given; null for nothing
 * @param slackName what Slack calls it; empty if it does not go there as it is
 * @param isUser whether it names a user, or several, who are to be found before the tool is called
 * @param reader checks what was given and makes what it means of it
 */
record Field(
        String name,
        Map<String, Object> schema,
        boolean required,
        @Nullable Object fallback,
        String slackName,
        boolean isUser,
        Function<Object, Object> reader) {

    private static final String TIMES =
            " Seconds since 1970 or the ts of a message, 2026-01-31T09:00:00Z, or a span such as 2h or 1d";
    private static final String DESCRIPTION = "description";

    /** A text of up to so many characters, and not empty. */
    static Field text(String name, int max, String description) {
        return of(name, schema("string", description, "minLength", 1, "maxLength", max), value -> {
            if (!(value instanceof String text) || text.isBlank() || text.length() > max) {
                throw wrong(name, "a text of 1 to " + max + " characters");
            }
            return text;
        });
    }

    /** The time of a message, which is its id. */
    static Field ts(String name, String description) {
        String form = "[0-9]{1,12}\\.[0-9]{6}";
        return of(name, schema("string", description, "pattern", "^" + form + "$"), value -> {
            if (!(value instanceof String text) || !text.matches(form)) {
                throw wrong(name, "the ts of a message, such as 1700000000.000100");
            }
            return text;
        });
    }

    /** A point in time before now, as Slack counts it: a ts, seconds since 1970, ISO-8601, or a span such as 2h. */
    static Field past(String name, String description) {
        return of(
                name,
                schema("string", description + TIMES + " ago.", "minLength", 1, "maxLength", 40),
                value -> Times.ts(name, value, -1));
    }

    /** A point in time after now, in seconds since 1970. */
    static Field future(String name, String description) {
        return of(
                name,
                schema("string", description + TIMES + " from now.", "minLength", 1, "maxLength", 40),
                value -> Times.seconds(name, value, 1));
    }

    /** A whole number within bounds, both included. */
    static Field number(String name, long min, long max, String description) {
        return of(name, schema("integer", description, "minimum", min, "maximum", max), value -> {
            if (!(value instanceof Number number)
                    || number.doubleValue() != Math.rint(number.doubleValue())
                    || number.longValue() < min
                    || number.longValue() > max) {
                throw wrong(name, "a whole number from " + min + " to " + max);
            }
            return number.longValue();
        });
    }

    /** Yes or no; no unless it is given. */
    static Field flag(String name, String description) {
        return of(name, schema("boolean", description), value -> {
                    if (!(value instanceof Boolean)) {
                        throw wrong(name, "true or false");
                    }
                    return value;
                })
                .or(false);
    }

    /** One of some words, the first unless it is given. */
    static Field choice(String name, String description, String... options) {
        List<String> allowed = List.of(options);
        return of(name, schema("string", description, "enum", allowed), value -> {
                    if (!(value instanceof String text) || !allowed.contains(text)) {
                        throw wrong(name, "one of " + String.join(", ", allowed));
                    }
                    return text;
                })
                .or(options[0]);
    }

    /** A user: {@code @ada}, an id or a mention. */
    static Field user(String name, String description) {
        Field text = text(name, 100, description);
        return new Field(name, text.schema, true, null, name, true, text.reader);
    }

    /** Several users. */
    static Field users(String name, int max, String description) {
        Field texts = texts(name, max, description);
        return new Field(name, texts.schema, true, null, name, true, texts.reader);
    }

    /** Several texts, which Slack takes with commas between them. */
    static Field texts(String name, int max, String description) {
        Map<String, Object> item = Map.of("type", "string", "minLength", 1, "maxLength", 200);
        Map<String, Object> schema = schema("array", description, "items", item, "minItems", 1, "maxItems", max);
        return of(name, schema, value -> {
            if (!(value instanceof List<?> list)
                    || list.isEmpty()
                    || list.size() > max
                    || !list.stream().allMatch(each -> each instanceof String text && !text.isBlank())) {
                throw wrong(name, "a list of 1 to " + max + " texts");
            }
            return list.stream().map(String::valueOf).toList();
        });
    }

    /** A list of objects, which goes to Slack as JSON. */
    static Field objects(String name, int max, String description) {
        Map<String, Object> schema =
                schema("array", description, "items", Map.of("type", "object"), "minItems", 1, "maxItems", max);
        return of(name, schema, value -> {
            if (!(value instanceof List<?> list)
                    || list.isEmpty()
                    || list.size() > max
                    || !list.stream().allMatch(Map.class::isInstance)) {
                throw wrong(name, "a list of 1 to " + max + " objects");
            }
            return list;
        });
    }

    /** The same, and it need not be given. */
    Field optional() {
        return new Field(name, schema, false, fallback, slackName, isUser, reader);
    }

    /** The same, and it need not be given because it is then something else. */
    Field or(Object otherwise) {
        Map<String, Object> more = new LinkedHashMap<>(schema);
        more.put("default", otherwise);
        return new Field(name, more, false, otherwise, slackName, isUser, reader);
    }

    /** The same under Slack's name for it. */
    Field as(String slack) {
        return new Field(name, schema, required, fallback, slack, isUser, reader);
    }

    /** The same, and Slack does not get it as it is. */
    Field kept() {
        return as("");
    }

    private static Field of(String name, Map<String, Object> schema, Function<Object, Object> reader) {
        return new Field(name, schema, true, null, name, false, reader);
    }

    private static Map<String, Object> schema(String type, String description, Object... more) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", type);
        schema.put(DESCRIPTION, description);
        for (int i = 0; i < more.length; i += 2) {
            schema.put((String) more[i], more[i + 1]);
        }
        return schema;
    }

    static RefusedException wrong(String name, String wanted) {
        return new RefusedException("The argument " + name + " must be " + wanted + ".");
    }
}
