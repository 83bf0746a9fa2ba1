package dev.slackline.slack;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Picks the wanted fields out of a JSON object in one pass, without building a tree. Of repeated names the last counts.
 * Immutable and thread-safe.
 */
final class JsonFields {

    /** As generous as the queue's own check of a payload, which comes first. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(2_000)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final Wanted root = new Wanted(null, new HashMap<>());

    /** Wants the fields at these paths: {@code type}, {@code event.item.channel}. */
    JsonFields(List<String> paths) {
        paths.forEach(this::want);
    }

    /**
     * The wanted fields that are there and are strings or whole numbers, by path.
     *
     * @param json a valid JSON object
     */
    Map<String, String> read(byte[] json) {
        Map<String, String> found = new HashMap<>();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            readObject(parser, root, found);
        }
        return found;
    }

    private static void readObject(JsonParser parser, Wanted wanted, Map<String, String> found) {
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            Wanted field = wanted.fields.get(name);
            JsonToken value = parser.nextToken();
            if (field == null) {
                parser.skipChildren();
            } else {
                field.forget(found);
                if (value == JsonToken.START_OBJECT) {
                    readObject(parser, field, found);
                } else if (field.path != null
                        && (value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT)) {
                    found.put(field.path, parser.getString());
                } else {
                    parser.skipChildren();
                }
            }
        }
    }

    private void want(String path) {
        Map<String, Wanted> fields = root.fields;
        int start = 0;
        for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', start)) {
            fields = fields.computeIfAbsent(path.substring(start, dot), name -> new Wanted(null, new HashMap<>()))
                    .fields;
            start = dot + 1;
        }
        Wanted inner = fields.get(path.substring(start));
        fields.put(path.substring(start), new Wanted(path, inner == null ? new HashMap<>() : inner.fields));
    }

    /** A field that is wanted itself, when it has a path, or for the fields in it. */
    private record Wanted(@Nullable String path, Map<String, Wanted> fields) {

        void forget(Map<String, String> found) {
            if (!found.isEmpty()) {
                if (path != null) {
                    found.remove(path);
                }
                fields.values().forEach(field -> field.forget(found));
            }
        }
    }
}
