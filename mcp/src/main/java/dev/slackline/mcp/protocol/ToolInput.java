package dev.slackline.mcp.protocol;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import dev.slackline.mcp.Tool;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Checks the arguments of a call by the tool's schema. Thread-safe. */
final class ToolInput {

    private static final int MOST_PROBLEMS = 5;
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(Dialects.getDraft202012());

    private final Schema schema;

    ToolInput(Tool tool) {
        schema = SCHEMAS.getSchema(Message.JSON.<JsonNode>valueToTree(tool.input()));
    }

    /** What is wrong, in words that name the argument; empty if nothing is. */
    List<String> problems(Map<String, Object> arguments) {
        return schema.validate(Message.JSON.<JsonNode>valueToTree(arguments)).stream()
                .limit(MOST_PROBLEMS)
                .map(ToolInput::said)
                .toList();
    }

    private static String said(Error error) {
        String where = error.getInstanceLocation().toString();
        return (where.isEmpty() ? "" : where + ": ") + error.getMessage();
    }
}
