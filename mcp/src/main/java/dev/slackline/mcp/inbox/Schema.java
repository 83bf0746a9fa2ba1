package dev.slackline.mcp.inbox;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the JSON Schema of an object, one property after another. */
final class Schema {

    private static final String DESCRIPTION = "description";
    private static final String TYPE = "type";

    private final Map<String, Object> properties = new LinkedHashMap<>();
    private final List<String> required = new ArrayList<>();

    static Schema object() {
        return new Schema();
    }

    Schema text(String name, String description, int maxLength) {
        return property(name, description, Map.of(TYPE, "string", "minLength", 1, "maxLength", maxLength));
    }

    /** A text of any length. */
    Schema text(String name, String description) {
        return property(name, description, Map.of(TYPE, "string"));
    }

    Schema choice(String name, String description, List<String> options) {
        return property(name, description, Map.of(TYPE, "string", "enum", options, "default", options.get(0)));
    }

    Schema texts(String name, String description, int min, int max) {
        Map<String, Object> each = Map.of(TYPE, "string", "minLength", 1, "maxLength", Arguments.MAX_NAME);
        return property(name, description, Map.of(TYPE, "array", "items", each, "minItems", min, "maxItems", max));
    }

    Schema number(String name, String description, long min, long max, long fallback) {
        return property(
                name, description, Map.of(TYPE, "integer", "minimum", min, "maximum", max, "default", fallback));
    }

    Schema number(String name, String description) {
        return property(name, description, Map.of(TYPE, "integer"));
    }

    Schema flag(String name, String description) {
        return property(name, description, Map.of(TYPE, "boolean"));
    }

    Schema list(String name, String description, Map<String, Object> each) {
        return property(name, description, Map.of(TYPE, "array", "items", each));
    }

    /** These must be there. */
    Schema requires(String... names) {
        required.addAll(List.of(names));
        return this;
    }

    /** What an agent may give: these and no others. */
    Map<String, Object> input() {
        Map<String, Object> schema = output();
        schema.put("additionalProperties", false);
        return schema;
    }

    /** What an agent gets. */
    Map<String, Object> output() {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put(TYPE, "object");
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", List.copyOf(required));
        }
        return schema;
    }

    private Schema property(String name, String description, Map<String, Object> form) {
        Map<String, Object> property = new LinkedHashMap<>();
        property.put(TYPE, form.get(TYPE));
        property.put(DESCRIPTION, description);
        form.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(entry -> !entry.getKey().equals(TYPE))
                .forEach(entry -> property.put(entry.getKey(), entry.getValue()));
        properties.put(name, property);
        return this;
    }
}
