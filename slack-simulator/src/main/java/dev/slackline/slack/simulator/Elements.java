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
                String value = values.get(actionId);
                ObjectNode held = value == null ? untouched(placed.element) : filled(placed.element, value);
                state.withObjectProperty(placed.block).set(actionId, held);
            }
        }
        return state;
    }

    /** What an element holds that nobody touched: what the app put there, or nothing. */
    private static ObjectNode untouched(ObjectNode element) {
        String type = Json.text(element, "type");
        ObjectNode held = Json.object().put("type", type);
        return switch (type) {
            case "plain_text_input", "email_text_input", "url_text_input", "number_input" ->
                held.put("value", Json.textOrNull(element, "initial_value"));
            case "datepicker" -> held.put("selected_date", Json.textOrNull(element, "initial_date"));
            case "timepicker" -> held.put("selected_time", Json.textOrNull(element, "initial_time"));
            case "users_select" -> held.put("selected_user", Json.textOrNull(element, "initial_user"));
            case "conversations_select" ->
                held.put("selected_conversation", Json.textOrNull(element, "initial_conversation"));
            case "channels_select" -> held.put("selected_channel", Json.textOrNull(element, "initial_channel"));
            case "checkboxes", "multi_static_select", "multi_external_select" -> {
                held.putArray("selected_options");
                element.path("initial_options").forEach(held.withArray("selected_options")::add);
                yield held;
            }
            default -> {
                JsonNode initial = element.path("initial_option");
                held.set("selected_option", initial.isObject() ? initial : held.nullNode());
                yield held;
            }
        };
    }

    private static ObjectNode filled(ObjectNode element, @Nullable String value) {
        String type = Json.text(element, "type");
        ObjectNode filled = Json.object().put("type", type);
        return switch (type) {
            case "plain_text_input", "email_text_input", "url_text_input", "number_input" -> filled.put("value", value);
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
