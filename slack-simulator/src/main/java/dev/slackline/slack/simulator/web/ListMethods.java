package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.state.SharedFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Slack's lists: files that are tables. */
final class ListMethods implements Family {

    private static final String WRITE = "lists:write";
    private static final String COLUMNS = " columns";

    private final String baseUrl;

    ListMethods(String baseUrl) {
        this.baseUrl = baseUrl;
    }

    @Override
    public void register(Map<String, Method> methods) {
        methods.put("slackLists.create", new Method(Method.TIER_2, WRITE, this::create));
        methods.put("slackLists.items.list", new Method(Method.TIER_3, "lists:read", ListMethods::items));
        methods.put("slackLists.items.create", new Method(Method.TIER_3, WRITE, ListMethods::add));
        methods.put("slackLists.items.update", new Method(Method.TIER_3, WRITE, ListMethods::update));
        methods.put("slackLists.items.delete", new Method(Method.TIER_3, WRITE, ListMethods::delete));
    }

    private ObjectNode create(Call call) {
        String name = call.arguments().required("name");
        byte[] content = name.getBytes(StandardCharsets.UTF_8);
        SharedFile file = call.world().files().expect(call.workspace(), call.actor(), name, content.length, baseUrl);
        file.upload(content);
        file.complete(name);
        List<ObjectNode> columns = call.workspace().items(file.id() + COLUMNS);
        JsonNode schema = call.arguments().json("schema");
        if (schema.isArray()) {
            schema.forEach(column -> columns.add(column(call, Json.text(column, "key"), Json.text(column, "type"))));
        } else {
            columns.add(column(call, "name", "text"));
        }
        if (call.arguments().flag("todo_mode")) {
            columns.add(column(call, "todo_completed", "todo_completed"));
            columns.add(column(call, "todo_assignee", "todo_assignee"));
            columns.add(column(call, "todo_due_date", "todo_due_date"));
        }
        ObjectNode answer = Call.ok().put("list_id", file.id());
        ArrayNode shown = answer.putObject("list_metadata").putArray("schema");
        columns.forEach(column -> shown.add(column.deepCopy()));
        return answer;
    }

    private static ObjectNode items(Call call) {
        return Page.add(Call.ok(), "items", all(call), call.arguments(), Page.DEFAULT);
    }

    private static ObjectNode add(Call call) {
        List<ObjectNode> items = all(call);
        ObjectNode item = Json.object()
                .put("id", call.workspace().ids().next("Rec"))
                .put("list_id", call.arguments().required("list_id"))
                .put("date_created", call.workspace().timestamps().seconds())
                .put("created_by", call.actor().id());
        item.putArray("fields");
        set(call, item, call.arguments().json("initial_fields"));
        items.add(item);
        ObjectNode answer = Call.ok();
        answer.set("item", item.deepCopy());
        return answer;
    }

    private static ObjectNode update(Call call) {
        JsonNode cells = call.arguments().json("cells");
        if (!cells.isArray()) {
            throw new SlackError("invalid_arguments");
        }
        for (JsonNode cell : cells) {
            ArrayNode one = Json.array().add(cell);
            set(call, find(call, Json.text(cell, "row_id")), one);
        }
        return Call.ok();
    }

    private static ObjectNode delete(Call call) {
        all(call).remove(find(call, call.arguments().required("id")));
        return Call.ok();
    }

    private static List<ObjectNode> all(Call call) {
        String list = call.arguments().required("list_id");
        if (call.workspace().items(list + COLUMNS).isEmpty()) {
            throw new SlackError("list_not_found");
        }
        return call.workspace().items(list);
    }

    private static ObjectNode find(Call call, String id) {
        return all(call).stream()
                .filter(item -> Json.text(item, "id").equals(id))
                .findFirst()
                .orElseThrow(() -> new SlackError("row_not_found"));
    }

    /** A field that is there is replaced. Its text is what stands in its rich text. */
    private static void set(Call call, ObjectNode item, JsonNode cells) {
        ArrayNode fields = item.withArray("fields");
        for (JsonNode cell : cells) {
            String id = Json.text(cell, "column_id");
            ObjectNode column = call.workspace().items(Json.text(item, "list_id") + COLUMNS).stream()
                    .filter(each -> Json.text(each, "id").equals(id))
                    .findFirst()
                    .orElseThrow(() -> new SlackError("invalid_column_id"));
            ObjectNode field = ((ObjectNode) cell.deepCopy()).put("key", Json.text(column, "key"));
            field.remove("row_id");
            if (cell.has("rich_text")) {
                field.put("text", String.join("", cell.path("rich_text").findValuesAsString("text")));
            }
            fields.removeIf(each -> Json.text(each, "column_id").equals(id));
            fields.add(field);
        }
    }

    private static ObjectNode column(Call call, String key, String type) {
        return Json.object()
                .put("id", call.workspace().ids().next("Col"))
                .put("key", key)
                .put("name", key)
                .put("type", type);
    }
}
