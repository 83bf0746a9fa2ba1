package dev.slackline.mcp.slack;

import static dev.slackline.mcp.Tool.Effect.ADDS;
import static dev.slackline.mcp.Tool.Effect.DESTROYS;
import static dev.slackline.mcp.Tool.Effect.READS;
import static dev.slackline.mcp.slack.Shape.list;
import static dev.slackline.mcp.slack.Shape.text;
import static dev.slackline.mcp.slack.Shape.texts;
import static dev.slackline.mcp.slack.SlackTool.named;

import dev.slackline.mcp.access.RefusedException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Canvases: pages that people write together. */
final class CanvasTools {

    private static final Field CANVAS =
            Field.text("canvas", 50, "F…, the id of the canvas.").as("canvas_id");
    private static final Field MARKDOWN =
            Field.text("markdown", 50_000, "The text, in Markdown.").kept();
    private static final Shape.Part THE_CANVAS =
            text("canvas").from("given.canvas").must();

    private CanvasTools() {}

    static List<SlackTool> all() {
        return List.of(create(), read(), find(), edit(), delete());
    }

    private static SlackTool create() {
        return named(
                        "slack_create_canvas",
                        ADDS,
                        "Create a canvas",
                        "Creates a page; with a channel, as one of its tabs. Some plans demand the channel.")
                .takes(
                        Field.text("title", 200, "What people see."),
                        MARKDOWN,
                        Fields.CHANNEL.optional().as("channel_id"))
                .does((given, slack) -> {
                    Map<String, Object> arguments = given.forSlack();
                    arguments.put("document_content", markdown(given));
                    return slack.call("canvases.create", arguments);
                })
                .returns(text("canvas").from("canvas_id").must());
    }

    private static SlackTool read() {
        return named("slack_read_canvas", READS, "Read a canvas", "What stands in a canvas, in HTML as Slack keeps it.")
                .takes(CANVAS)
                .does((given, slack) -> FileTools.info(given.text("canvas"), slack)
                        .thenCompose(file -> Downloads.bytes(file, slack).thenApply(bytes -> {
                            Map<String, Object> read = new LinkedHashMap<>(file);
                            read.put("html", Downloads.text(bytes));
                            return read;
                        })))
                .returns(
                        THE_CANVAS,
                        text("title"),
                        texts("channels").must(),
                        text("html").must())
                .formatted();
    }

    private static SlackTool find() {
        return named(
                        "slack_find_canvas_sections",
                        READS,
                        "Find sections of a canvas",
                        "The ids of the sections that hold a text, for slack_edit_canvas.")
                .takes(CANVAS, Field.text("contains", 500, "The text.").kept())
                .does((given, slack) -> {
                    Map<String, Object> arguments = given.forSlack();
                    arguments.put("criteria", Map.of("contains_text", given.text("contains")));
                    return slack.call("canvases.sections.lookup", arguments);
                })
                .returns(
                        THE_CANVAS,
                        list("sections", Shape.of(text("section").from("id").must())));
    }

    private static SlackTool edit() {
        return named(
                        "slack_edit_canvas",
                        DESTROYS,
                        "Edit a canvas",
                        "Adds to a canvas, or replaces or deletes a section of it; replace without a section replaces all"
                                + " that stands in it.")
                .takes(
                        CANVAS,
                        Field.choice(
                                        "operation",
                                        "What to do; where a section is meant, it must be given.",
                                        "insert_at_end",
                                        "insert_at_start",
                                        "insert_after",
                                        "insert_before",
                                        "replace",
                                        "delete")
                                .kept(),
                        Field.text("section", 200, "From slack_find_canvas_sections.")
                                .optional()
                                .kept(),
                        MARKDOWN.optional())
                .does((given, slack) -> {
                    Map<String, Object> arguments = given.forSlack();
                    arguments.put("changes", List.of(change(given)));
                    return slack.call("canvases.edit", arguments);
                })
                .returns(THE_CANVAS);
    }

    private static SlackTool delete() {
        return named("slack_delete_canvas", DESTROYS, "Delete a canvas", "Deletes a canvas for good.")
                .takes(CANVAS)
                .calls("canvases.delete")
                .returns(THE_CANVAS);
    }

    private static Map<String, Object> change(Given given) {
        String operation = given.text("operation");
        boolean needsSection =
                List.of("insert_after", "insert_before", "delete").contains(operation);
        if (needsSection && !given.has("section")) {
            throw new RefusedException("The operation " + operation + " needs a section.");
        }
        if (operation.equals("delete") == given.has("markdown")) {
            throw new RefusedException("Give markdown, except to delete.");
        }
        Map<String, Object> change = new LinkedHashMap<>();
        change.put("operation", operation);
        if (given.has("section")) {
            change.put("section_id", given.text("section"));
        }
        if (given.has("markdown")) {
            change.put("document_content", markdown(given));
        }
        return change;
    }

    private static Map<String, Object> markdown(Given given) {
        return Map.of("type", "markdown", "markdown", given.text("markdown"));
    }
}
