package dev.slackline.mcp.slack;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is taken over from Slack's answer into a result: at once the schema of the result and what makes it, so that one always
 * fits the other. Immutable.
 */
record Shape(List<Part> parts) {

    /** How much of a long text is shown unless everything is asked for. */
    private static final int BRIEF = 1_500;

    private enum Kind {
        TEXT("string"),
        NUMBER("integer"),
        FLAG("boolean"),
        TEXTS("array"),
        OBJECT("object"),
        LIST("array");

        private final String type;

        Kind(String type) {
            this.type = type;
        }
    }

    /**
     * One field.
     *
     * @param path where it is in Slack's answer, with dots between the names
     * @param detailed whether it is only there if everything is asked for
     * @param always whether it is there whatever Slack says
     * @param inner what an object, or each of a list, is made of
     */
    record Part(
            String name,
            Kind kind,
            String path,
            boolean detailed,
            boolean always,
            @Nullable Shape inner) {

        Part from(String other) {
            return new Part(name, kind, other, detailed, always, inner);
        }

        Part inDetail() {
            return new Part(name, kind, path, true, false, inner);
        }

        /** Left out where Slack has none. */
        Part ifAny() {
            return new Part(name, kind, path, detailed, false, inner);
        }

        Part must() {
            return new Part(name, kind, path, detailed, true, inner);
        }

        private Map<String, Object> schema() {
            return switch (kind) {
                case TEXTS -> Map.of("type", kind.type, "items", Map.of("type", "string"));
                case LIST -> Map.of("type", kind.type, "items", inner().schema());
                case OBJECT -> inner().schema();
                default -> Map.of("type", kind.type);
            };
        }

        @Override
        public Shape inner() {
            return inner == null ? new Shape(List.of()) : inner;
        }
    }

    static Shape of(Part... parts) {
        return new Shape(List.of(parts));
    }

    static Part text(String name) {
        return new Part(name, Kind.TEXT, name, false, false, null);
    }

    static Part number(String name) {
        return new Part(name, Kind.NUMBER, name, false, false, null);
    }

    static Part flag(String name) {
        return new Part(name, Kind.FLAG, name, false, false, null);
    }

    static Part texts(String name) {
        return new Part(name, Kind.TEXTS, name, false, false, null);
    }

    static Part object(String name, Shape inner) {
        return new Part(name, Kind.OBJECT, name, false, false, inner);
    }

    /** A list, which is there even if it is empty. */
    static Part list(String name, Shape inner) {
        return new Part(name, Kind.LIST, name, false, true, inner);
    }

    Shape and(Part... more) {
        List<Part> all = new ArrayList<>(parts);
        all.addAll(List.of(more));
        return new Shape(List.copyOf(all));
    }

    /** The JSON Schema of what {@link #project} makes. */
    Map<String, Object> schema() {
        Map<String, Object> properties = new LinkedHashMap<>();
        parts.forEach(part -> properties.put(part.name(), part.schema()));
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        List<String> required =
                parts.stream().filter(Part::always).map(Part::name).toList();
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    /** Takes over what is declared; what is not there, or of another type than Slack says, is left out. */
    Map<String, Object> project(Map<?, ?> source, boolean detailed) {
        Map<String, Object> made = new LinkedHashMap<>();
        for (Part part : parts) {
            if (part.detailed() && !detailed) {
                continue;
            }
            Object value = value(part, at(source, part.path()), detailed);
            if (value != null) {
                made.put(part.name(), value);
            }
        }
        return made;
    }

    private static @Nullable Object value(Part part, @Nullable Object found, boolean detailed) {
        return switch (part.kind()) {
            case TEXT ->
                found instanceof String || found instanceof Number
                        ? brief(found.toString(), detailed)
                        : part.always() ? "" : null;
            case NUMBER ->
                found instanceof Number number ? Long.valueOf(number.longValue()) : part.always() ? 0L : null;
            case FLAG -> found instanceof Boolean ? found : part.always() ? false : null;
            case TEXTS ->
                found instanceof List<?> list
                        ? list.stream().filter(String.class::isInstance).toList()
                        : part.always() ? List.of() : null;
            case OBJECT ->
                found instanceof Map<?, ?> map
                        ? part.inner().project(map, detailed)
                        : part.always() ? part.inner().project(Map.of(), detailed) : null;
            case LIST ->
                found instanceof List<?> list
                        ? list.stream()
                                .filter(Map.class::isInstance)
                                .map(each -> part.inner().project((Map<?, ?>) each, detailed))
                                .toList()
                        : part.always() ? List.of() : null;
        };
    }

    private static String brief(String text, boolean detailed) {
        if (detailed || text.length() <= BRIEF) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(BRIEF - 1)) ? BRIEF - 1 : BRIEF;
        return text.substring(0, end) + "… [" + (text.length() - end)
                + " more characters; response_format=detailed shows them]";
    }

    private static @Nullable Object at(Map<?, ?> source, String path) {
        Object found = source;
        for (String name : path.split("\\.", -1)) {
            found = found instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return found;
    }
}
