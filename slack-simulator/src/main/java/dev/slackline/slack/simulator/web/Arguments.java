package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** What a method was called with, whether as a form, where all is text, or as JSON. */
final class Arguments {

    private final ObjectNode fields;

    Arguments(ObjectNode fields) {
        this.fields = fields;
    }

    /** The text of an argument, empty if it is missing. */
    String text(String name) {
        return Json.text(fields, name);
    }

    /** The text of an argument, null if it is missing. */
    @Nullable
    String textOrNull(String name) {
        return Json.textOrNull(fields, name);
    }

    boolean has(String name) {
        JsonNode found = fields.path(name);
        return !found.isMissingNode()
                && !found.isNull()
                && !(found.isString() && found.asString("").isEmpty());
    }

    /** The text of an argument that must be there. */
    String required(String name) {
        if (!has(name)) {
            throw new SlackError(
                    "invalid_arguments",
                    answer -> answer.putObject("response_metadata")
                            .putArray("messages")
                            .add("[ERROR] missing required field: " + name));
        }
        return text(name);
    }

    boolean flag(String name) {
        String value = text(name);
        return value.equals("true") || value.equals("1");
    }

    boolean flag(String name, boolean otherwise) {
        return has(name) ? flag(name) : otherwise;
    }

    /** A number, or another if it is missing. */
    long number(String name, long otherwise) {
        if (!has(name)) {
            return otherwise;
        }
        try {
            return Long.parseLong(text(name));
        } catch (NumberFormatException e) {
            throw new SlackError("invalid_arguments");
        }
    }

    /** Lowers a number, or sets it if it is missing. */
    void atMost(String name, int most) {
        fields.put(name, Math.min(most, number(name, most)));
    }

    /** A tree, which a form holds as text; missing if it is not there. */
    JsonNode json(String name) {
        JsonNode found = fields.path(name);
        if (!found.isString()) {
            return found;
        }
        try {
            return found.asString("").isBlank() ? MissingNode.getInstance() : Json.parse(found.asString(""));
        } catch (JacksonException e) {
            throw new SlackError("invalid_" + name + "_format");
        }
    }

    ObjectNode all() {
        return fields;
    }
}
