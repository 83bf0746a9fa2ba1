package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What Slack refuses of blocks at once: types that there are none of, what is missing, what is too long or too much. */
final class BlockRules {

    private static final int MAX_IN_MESSAGE = 50;
    private static final int MAX_IN_VIEW = 100;
    private static final int MAX_ELEMENTS = 25;
    private static final int MAX_ID = 255;

    /** What each type of block must have; one of those with a bar between them. */
    private static final Map<String, List<String>> BLOCKS = Map.ofEntries(
            Map.entry("actions", List.of("elements")),
            Map.entry("alert", List.of("text")),
            Map.entry("card", List.of()),
            Map.entry("carousel", List.of("elements")),
            Map.entry("call", List.of("call_id")),
            Map.entry("context", List.of("elements")),
            Map.entry("context_actions", List.of("elements")),
            Map.entry("divider", List.of()),
            Map.entry("file", List.of("external_id", "source")),
            Map.entry("header", List.of("text")),
            Map.entry("image", List.of("alt_text", "image_url|slack_file")),
            Map.entry("input", List.of("label", "element")),
            Map.entry("markdown", List.of("text")),
            Map.entry("plan", List.of("title")),
            Map.entry("rich_text", List.of("elements")),
            Map.entry("section", List.of("text|fields")),
            Map.entry("table", List.of("rows")),
            Map.entry("task_card", List.of("task_id", "title")),
            Map.entry("video", List.of("alt_text", "title", "thumbnail_url", "video_url")));

    /** How long the text of each type of block may be. */
    private static final Map<String, Integer> LONGEST = Map.of("section", 3000, "header", 150, "markdown", 12_000);

    private static final Set<String> TEXTS = Set.of("plain_text", "mrkdwn");

    private final List<String> problems = new ArrayList<>();

    private BlockRules() {}

    /**
     * Looks at the blocks of a message.
     *
     * @throws SlackError as {@code invalid_blocks}, with each thing that is wrong
     */
    static void ofMessage(JsonNode blocks) {
        List<String> problems = check(blocks, "/blocks", MAX_IN_MESSAGE);
        if (!problems.isEmpty()) {
            throw error("invalid_blocks", problems);
        }
    }

    /**
     * Looks at the blocks of a modal or a home tab.
     *
     * @throws SlackError as {@code invalid_arguments}, with each thing that is wrong
     */
    static void ofView(JsonNode blocks) {
        List<String> problems = check(blocks, "/view/blocks", MAX_IN_VIEW);
        if (!problems.isEmpty()) {
            throw error("invalid_arguments", problems);
        }
    }

    private static List<String> check(JsonNode blocks, String pointer, int most) {
        BlockRules rules = new BlockRules();
        if (blocks.size() > most) {
            rules.wrong("no more than " + most + " items allowed", pointer);
        }
        for (int i = 0; i < blocks.size(); i++) {
            rules.block(blocks.path(i), pointer + "/" + i);
        }
        return rules.problems;
    }

    private void block(JsonNode block, String at) {
        String type = Json.text(block, "type");
        List<String> needed = BLOCKS.get(type);
        if (needed == null) {
            wrong(type.isEmpty() ? "missing required field: type" : "unsupported type: " + type, at + "/type");
            return;
        }
        for (String field : needed) {
            if (List.of(field.split("\\|", -1)).stream().noneMatch(block::hasNonNull)) {
                wrong("missing required field: " + field.replaceAll("\\|.*", ""), at);
            }
        }
        if (Json.text(block, "block_id").length() > MAX_ID) {
            wrong("must be less than " + (MAX_ID + 1) + " characters", at + "/block_id");
        }
        JsonNode text = block.path("text");
        int longest = LONGEST.getOrDefault(type, Integer.MAX_VALUE);
        if (text.isString()) {
            length(text.asString(""), longest, at + "/text");
        } else if (text.isObject()) {
            text(type, text, longest, at + "/text");
        }
        if (type.equals("actions")) {
            elements(block.path("elements"), at + "/elements");
        }
    }

    private void text(String type, JsonNode text, int longest, String at) {
        String kind = Json.text(text, "type");
        if (!TEXTS.contains(kind) || (type.equals("header") && !kind.equals("plain_text"))) {
            wrong("unsupported type: " + kind, at + "/type");
        }
        length(Json.text(text, "text"), longest, at + "/text");
    }

    private void length(String text, int longest, String at) {
        if (text.isEmpty()) {
            wrong("must be more than 0 characters", at);
        } else if (text.length() > longest) {
            wrong("must be less than " + (longest + 1) + " characters", at);
        }
    }

    private void elements(JsonNode elements, String at) {
        if (elements.isEmpty()) {
            wrong("no fewer than 1 items allowed", at);
        } else if (elements.size() > MAX_ELEMENTS) {
            wrong("no more than " + MAX_ELEMENTS + " items allowed", at);
        }
    }

    private void wrong(String what, String pointer) {
        problems.add(what + " [json-pointer:" + pointer + "]");
    }

    private static SlackError error(String code, List<String> problems) {
        return new SlackError(code, answer -> {
            var errors = answer.putArray("errors");
            problems.forEach(errors::add);
            var messages = answer.putObject("response_metadata").putArray("messages");
            problems.forEach(problem -> messages.add("[ERROR] " + problem));
        });
    }
}
