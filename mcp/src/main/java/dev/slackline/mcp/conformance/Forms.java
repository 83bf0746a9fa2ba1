package dev.slackline.mcp.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The forms that the suite looks at field by field. */
final class Forms {

    private Forms() {}

    /** Every type with a default, SEP-1034. */
    static Map<String, Object> defaults() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", field("string", "User name", "default", "John Doe"));
        fields.put("age", field("integer", "User age", "default", 30));
        fields.put("score", field("number", "User score", "default", 95.5));
        Map<String, Object> status = field("string", "User status", "default", "active");
        status.put("enum", List.of("active", "inactive", "pending"));
        fields.put("status", status);
        fields.put("verified", field("boolean", "Verification status", "default", true));
        return form(fields);
    }

    /** Every kind of choice, SEP-1330. */
    static Map<String, Object> choices() {
        Map<String, Object> fields = new LinkedHashMap<>();
        List<String> options = List.of("option1", "option2", "option3");
        fields.put("untitledSingle", field("string", "Select one option", "enum", options));
        fields.put("titledSingle", field("string", "Select one option with titles", "oneOf", titled("Option")));
        Map<String, Object> legacy =
                field("string", "Select one option (legacy)", "enum", List.of("opt1", "opt2", "opt3"));
        legacy.put("enumNames", List.of("Option One", "Option Two", "Option Three"));
        fields.put("legacyEnum", legacy);
        fields.put("untitledMulti", several("Select multiple options", Map.of("type", "string", "enum", options)));
        fields.put("titledMulti", several("Select multiple options with titles", Map.of("anyOf", titled("Choice"))));
        return form(fields);
    }

    private static Map<String, Object> form(Map<String, Object> fields) {
        return Map.of("type", "object", "properties", fields, "required", List.of());
    }

    private static Map<String, Object> field(String type, String description, String keyword, Object value) {
        Map<String, Object> field = new LinkedHashMap<>();
        field.put("type", type);
        field.put("description", description);
        field.put(keyword, value);
        return field;
    }

    private static Map<String, Object> several(String description, Map<String, Object> items) {
        Map<String, Object> field = field("array", description, "items", items);
        field.put("minItems", 1);
        field.put("maxItems", 3);
        return field;
    }

    private static List<Map<String, Object>> titled(String noun) {
        return List.of(
                Map.of("const", "value1", "title", "First " + noun),
                Map.of("const", "value2", "title", "Second " + noun),
                Map.of("const", "value3", "title", "Third " + noun));
    }
}
