package dev.slackline.slack.simulator;

import dev.slackline.slack.simulator.state.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The elements of blocks that people press, choose from and fill in. */
final class Elements {

    /** An element and the block it stands in. */
    private record Placed(String block, ObjectNode element) {}

    private Elements() {}

    /**
     * What an action is told as.
     *
     * @param value of the option; null for the first
     * @throws IllegalArgumentException if there is no such element, or no such option
     */
    static ObjectNode acted(JsonNode blocks, String actionId, @Nullable String value, String ts) {
        Placed placed = find(blocks, actionId);
        ObjectNode element = placed.element;
        ObjectNode action = Json.object()
                .put("type", Json.text(element, "type"))
                .put("action_id", actionId)
                .put("block_id", placed.block);
        if (Json.text(element, "type").equals("button")) {
            action.set("text", element.path("text"));
            String given = Json.textOrNull(element, "value");
            if (given != null) {
                action.put("value", given);
            }
        } else {
            action.setAll(filled(element, value));
        }
        return action.put("action_ts", ts);
    }

    /** The block that an element stands in. */
    static String blockOf(JsonNode blocks, String actionId) {
        return find(blocks, actionId).block;
    }

    /** What a modal holds, by block and action, when it was filled in so. */
    static ObjectNode state(JsonNode blocks, Map<String, String> values) {
        ObjectNode state = Json.object();
        for (Placed placed : all(blocks)) {
            String actionId = Json.text(placed.element, "action_id");
            if (!Json.text(placed.element, "type").equals("button")) {
                state.withObjectProperty(placed.block).set(actionId, filled(placed.element, values.get(actionId)));
            }
        }
        return state;
    }

    private static ObjectNode filled(ObjectNode element, @Nullable String value) {
        String type = Json.text(element, "type");
        ObjectNode filled = Json.object().put("type", type);
        return switch (type) {
            case "plain_text_input", "email_text_input", "url_text_input", "number_input" ->
                filled.put("value", value == null ? Json.textOrNull(element, "initial_value") : value);
            case "datepicker" -> filled.put("selected_date", value);
            case "timepicker" -> filled.put("selected_time", value);
            case "users_select" -> filled.put("selected_user", value);
            case "conversations_select" -> filled.put("selected_conversation", value);
            case "channels_select" -> filled.put("selected_channel", value);
            case "checkboxes", "multi_static_select", "multi_external_select" -> {
                filled.putArray("selected_options");
                if (value != null) {
                    filled.withArray("selected_options").add(option(element, value));
                }
                yield filled;
            }
            default -> {
                filled.set("selected_option", option(element, value));
                yield filled;
            }
        };
    }

    private static JsonNode option(ObjectNode element, @Nullable String value) {
        List<JsonNode> options = new ArrayList<>();
        element.path("options").forEach(options::add);
        element.path("option_groups").forEach(group -> group.path("options").forEach(options::add));
        if (options.isEmpty() && value != null) { // the app gives the options
            ObjectNode option = Json.object().put("value", value);
            option.putObject("text").put("type", "plain_text").put("text", value);
            return option;
        }
        return options.stream()
                .filter(option -> value == null || Json.text(option, "value").equals(value))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no option " + value));
    }

    private static Placed find(JsonNode blocks, String actionId) {
        return all(blocks).stream()
                .filter(placed -> Json.text(placed.element, "action_id").equals(actionId))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no element with action_id " + actionId));
    }

    private static List<Placed> all(JsonNode blocks) {
        List<Placed> found = new ArrayList<>();
        int number = 0;
        for (JsonNode block : blocks) {
            String given = Json.text(block, "block_id");
            String id = given.isEmpty() ? "block" + number : given;
            number++;
            block.path("elements").forEach(element -> add(found, id, element));
            add(found, id, block.path("accessory"));
            add(found, id, block.path("element"));
        }
        return found;
    }

    private static void add(List<Placed> found, String block, JsonNode element) {
        if (element instanceof ObjectNode object && object.has("action_id")) {
            found.add(new Placed(block, object));
        }
    }
}
