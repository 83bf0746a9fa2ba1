package dev.slackline.mcp.slack;

import dev.slackline.mcp.access.RefusedException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The arguments of one call, checked, with those that were not given as they are then. Immutable.
 *
 * @param fields what the tool takes
 * @param values by the names that agents use
 */
record Given(List<Field> fields, Map<String, Object> values) {

    static Given read(List<Field> fields, Map<String, Object> arguments) {
        Set<String> unknown = new TreeSet<>(arguments.keySet());
        fields.forEach(field -> unknown.remove(field.name()));
        if (!unknown.isEmpty()) {
            throw new RefusedException("There is an argument that this tool does not have; it takes "
                    + fields.stream().map(Field::name).collect(Collectors.joining(", ")) + ".");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (Field field : fields) {
            Object given = arguments.get(field.name());
            if (given == null) {
                given = field.fallback();
            }
            if (given == null && field.required()) {
                throw new RefusedException("The argument " + field.name() + " is missing.");
            }
            if (given != null) {
                values.put(field.name(), field.reader().apply(given));
            }
        }
        return new Given(fields, values);
    }

    /** With another value. */
    Given with(String name, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(values);
        changed.put(name, value);
        return new Given(fields, changed);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** A text, empty if there is none. */
    String text(String name) {
        return values.get(name) instanceof String text ? text : "";
    }

    /** A number, 0 if there is none. */
    long number(String name) {
        return values.get(name) instanceof Number number ? number.longValue() : 0;
    }

    boolean flag(String name) {
        return Boolean.TRUE.equals(values.get(name));
    }

    List<String> texts(String name) {
        return values.get(name) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    boolean detailed() {
        return text(Fields.FORMAT_NAME).equals(Fields.DETAILED);
    }

    /** Everything that Slack gets as it is, under Slack's names; lists of texts with commas, as Slack has them. */
    Map<String, Object> forSlack() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        for (Field field : fields) {
            Object value = values.get(field.name());
            if (value != null && !field.slackName().isEmpty()) {
                arguments.put(field.slackName(), isTexts(value) ? String.join(",", texts(field.name())) : value);
            }
        }
        return arguments;
    }

    private static boolean isTexts(Object value) {
        return value instanceof List<?> list && list.stream().allMatch(String.class::isInstance);
    }
}
