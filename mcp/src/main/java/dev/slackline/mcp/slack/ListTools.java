package dev.slackline.mcp.slack;

import static dev.slackline.mcp.Tool.Effect.ADDS;
import static dev.slackline.mcp.Tool.Effect.DESTROYS;
import static dev.slackline.mcp.Tool.Effect.READS;
import static dev.slackline.mcp.slack.Shape.list;
import static dev.slackline.mcp.slack.Shape.number;
import static dev.slackline.mcp.slack.Shape.text;
import static dev.slackline.mcp.slack.SlackTool.named;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Slack's lists: tables of tasks and the like. */
final class ListTools {

    private static final Field LIST =
            Field.text("list", 50, "F…, the id of the list.").as("list_id");
    private static final Field ITEM = Field.text("item", 50, "Rec…, from slack_list_items.");
    private static final Field CELLS = Field.objects(
                    "fields",
                    50,
                    "Each with column_id, and text, or for columns of other kinds as Slack has it: date, user, select,"
                            + " checkbox.")
            .kept();
    private static final Shape.Part THE_LIST = text("list").from("given.list").must();

    private static final Shape COLUMN =
            Shape.of(text("column_id").from("id").must(), text("key"), text("name"), text("type"));

    private static final Shape AN_ITEM = Shape.of(
            text("item").from("id").must(),
            text("created_by"),
            number("date_created"),
            list("fields", Shape.of(text("column_id"), text("key"), text("text"), text("value"))));

    private ListTools() {}

    static List<SlackTool> all() {
        return List.of(create(), items(), add(), update(), delete());
    }

    private static SlackTool create() {
        return named("slack_create_list", ADDS, "Create a list", "Creates a list; answers the ids of its columns.")
                .takes(
                        Field.text("name", 200, "What people see."),
                        Field.flag("todo_mode", "Whether it has columns for who, until when, and done."))
                .calls("slackLists.create")
                .returns(
                        text("list").from("list_id").must(),
                        list("columns", COLUMN).from("list_metadata.schema"));
    }

    private static SlackTool items() {
        return named("slack_list_items", READS, "Read a list", "The items of a list with their fields.")
                .takes(LIST)
                .calls("slackLists.items.list")
                .returns(THE_LIST, list("items", AN_ITEM))
                .paged(100, 50)
                .formatted();
    }

    private static SlackTool add() {
        return named("slack_add_list_item", ADDS, "Add to a list", "Adds an item to a list.")
                .takes(LIST, CELLS)
                .does((given, slack) -> {
                    Map<String, Object> arguments = given.forSlack();
                    arguments.put("initial_fields", cells(given, ""));
                    return slack.call("slackLists.items.create", arguments);
                })
                .returns(THE_LIST, text("item").from("item.id").must());
    }

    private static SlackTool update() {
        return named("slack_update_list_item", DESTROYS, "Change an item of a list", "Replaces fields of an item.")
                .takes(LIST, ITEM.kept(), CELLS)
                .does((given, slack) -> {
                    Map<String, Object> arguments = given.forSlack();
                    arguments.put("cells", cells(given, given.text("item")));
                    return slack.call("slackLists.items.update", arguments);
                })
                .returns(THE_LIST, text("item").from("given.item").must());
    }

    private static SlackTool delete() {
        return named("slack_delete_list_item", DESTROYS, "Delete an item of a list", "Deletes an item for good.")
                .takes(LIST, ITEM.as("id"))
                .calls("slackLists.items.delete")
                .returns(THE_LIST, text("item").from("given.item").must());
    }

    /** As Slack has them: a text is rich text, and each cell of an item that exists says whose it is. */
    private static List<Map<String, Object>> cells(Given given, String item) {
        return Slack.list(given.values(), "fields").stream()
                .map(field -> {
                    Map<String, Object> cell = new LinkedHashMap<>(field);
                    if (cell.remove("text") instanceof String text) {
                        cell.put("rich_text", List.of(richText(text)));
                    }
                    if (!item.isEmpty()) {
                        cell.put("row_id", item);
                    }
                    return cell;
                })
                .toList();
    }

    private static Map<String, Object> richText(String text) {
        Map<String, Object> words = Map.of("type", "text", "text", text);
        Map<String, Object> section = Map.of("type", "rich_text_section", "elements", List.of(words));
        return Map.of("type", "rich_text", "elements", List.of(section));
    }
}
