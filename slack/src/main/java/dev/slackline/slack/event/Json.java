package dev.slackline.slack.event;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what was parsed of JSON, where anything may be missing or of another kind than it should be. */
final class Json {

    /** Where the elements of Slack's forms keep what was chosen. */
    private static final List<String> CHOSEN = List.of(
            "value",
            "selected_option.value",
            "selected_user",
            "selected_channel",
            "selected_conversation",
            "selected_date",
            "selected_time",
            "selected_date_time",
            "selected_options.0.value");

    private Json() {}

    /** What is at a path of names and, in lists, numbers: {@code view.state.values}, {@code actions.0.value}. */
    static @Nullable Object at(@Nullable Object json, String path) {
        Object here = json;
        for (String step : path.split("\\.", -1)) {
            if (here instanceof Map<?, ?> map) {
                here = map.get(step);
            } else if (here instanceof List<?> list && step.matches("\\d{1,6}")) {
                int index = Integer.parseInt(step);
                here = index < list.size() ? list.get(index) : null;
            } else {
                return null;
            }
        }
        return here;
    }

    /** The text, or the number as text, at the first of the paths where there is any that is not empty. */
    static @Nullable String text(@Nullable Object json, String... paths) {
        for (String path : paths) {
            Object value = at(json, path);
            if (value instanceof String text && !text.isEmpty()) {
                return text;
            }
            if (value instanceof Number number) {
                return number.toString();
            }
        }
        return null;
    }

    static @Nullable String chosen(@Nullable Object element) {
        return text(element, CHOSEN.toArray(String[]::new));
    }

    /** The object at a path; empty where there is none. */
    static Map<String, Object> object(@Nullable Object json, String path) {
        return object(at(json, path));
    }

    static Map<String, Object> object(@Nullable Object value) {
        Map<String, Object> object = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, field) -> object.put(String.valueOf(name), field));
        }
        return object;
    }

    static List<?> list(@Nullable Object json, String path) {
        return at(json, path) instanceof List<?> list ? list : List.of();
    }
}
