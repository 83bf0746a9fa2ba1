package dev.slackline.slack.simulator.state;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON trees, as every part of the simulator makes and reads them. */
public final class Json {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private Json() {}

    /** A new, empty object. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** A new, empty array. */
    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /** An array of texts. */
    public static ArrayNode array(Iterable<String> texts) {
        ArrayNode array = array();
        texts.forEach(array::add);
        return array;
    }

    /**
     * Parses a text.
     *
     * @throws tools.jackson.core.JacksonException if it is not JSON
     */
    public static JsonNode parse(String text) {
        return MAPPER.readTree(text);
    }

    /** The text of a tree, without blanks. */
    public static String text(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    /** The text of a field, empty if there is none or it is no text. */
    public static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }

    /** The text of a field, null if there is none. */
    public static @Nullable String textOrNull(JsonNode node, String field) {
        JsonNode found = node.path(field);
        return found.isMissingNode() || found.isNull() ? null : found.asString("");
    }

    /** The object of a field, an empty one if there is none. */
    public static ObjectNode object(JsonNode node, String field) {
        return node.path(field) instanceof ObjectNode found ? found : object();
    }
}
