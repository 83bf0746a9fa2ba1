package dev.slackline.mcp.conformance;

import dev.slackline.mcp.Caller;
import dev.slackline.mcp.Content;
import dev.slackline.mcp.Peer;
import dev.slackline.mcp.Prompt;
import dev.slackline.mcp.Resource;
import dev.slackline.mcp.ResourceContents;
import dev.slackline.mcp.ResourceTemplate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The resources and prompts of the suite. */
final class Readables {

    private static final String TEXT = "text/plain";

    private Readables() {}

    static List<Resource> resources() {
        return List.of(
                resource(
                        "test://static-text",
                        "static-text",
                        TEXT,
                        uri -> text(uri, "This is the content of the static text resource.")),
                resource(
                        "test://static-binary",
                        "static-binary",
                        "image/png",
                        uri -> new ResourceContents(uri, "image/png", Fixtures.PNG, true)),
                resource(
                        "test://watched-resource",
                        "watched-resource",
                        TEXT,
                        uri -> text(uri, "Watched resource content")));
    }

    static List<ResourceTemplate> templates() {
        return List.of(new ResourceTemplate(
                "test://template/{id}/data",
                "template",
                "Template",
                "A resource for every id.",
                "application/json",
                (uri, caller) -> {
                    String id = uri.split("/", -1)[3];
                    return CompletableFuture.completedFuture(new ResourceContents(
                            uri,
                            "application/json",
                            "{\"id\":\"" + id + "\",\"templateTest\":true,\"data\":\"Data for ID: " + id + "\"}",
                            false));
                }));
    }

    static List<Prompt> prompts() {
        return List.of(
                prompt(
                        "test_simple_prompt",
                        List.of(),
                        arguments -> List.of(said("This is a simple prompt for testing."))),
                prompt(
                        "test_prompt_with_arguments",
                        List.of(
                                new Prompt.Argument("arg1", "First test argument", true, List.of("test", "testing")),
                                new Prompt.Argument("arg2", "Second test argument", true)),
                        arguments -> List.of(said("Prompt with arguments: arg1='" + arguments.get("arg1") + "', arg2='"
                                + arguments.get("arg2") + "'"))),
                prompt(
                        "test_prompt_with_embedded_resource",
                        List.of(new Prompt.Argument("resourceUri", "URI of the resource to embed", true)),
                        arguments -> List.of(
                                turn(Fixtures.embedded(
                                        String.valueOf(arguments.get("resourceUri")),
                                        TEXT,
                                        "Embedded resource content for testing.")),
                                said("Please process the embedded resource above."))),
                prompt(
                        "test_prompt_with_image",
                        List.of(),
                        arguments -> List.of(
                                turn(new Content.Image(Fixtures.PNG, "image/png")),
                                said("Please analyze the image above."))),
                new Prompt(
                        "test_input_required_result_prompt",
                        "Asks first",
                        "A prompt that asks the client.",
                        List.of(),
                        new Asking()));
    }

    /** Every keyword that the suite looks for in a schema. */
    static Map<String, Object> schema() {
        Map<String, Object> string = Map.of("type", "string");
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("type", "object");
        schema.put(
                "$defs",
                Map.of(
                        "address",
                        Map.of(
                                "$anchor",
                                "addressDef",
                                "type",
                                "object",
                                "properties",
                                Map.of("street", string, "city", string))));
        schema.put(
                "properties",
                Map.of(
                        "name", string,
                        "address", Map.of("$ref", "#/$defs/address"),
                        "contactMethod", Map.of("type", "string", "enum", List.of("phone", "email")),
                        "phone", string,
                        "email", string));
        schema.put(
                "allOf",
                List.of(Map.of(
                        "anyOf", List.of(Map.of("required", List.of("phone")), Map.of("required", List.of("email"))))));
        schema.put(
                "if",
                Map.of(
                        "properties", Map.of("contactMethod", Map.of("const", "phone")),
                        "required", List.of("contactMethod")));
        schema.put("then", Map.of("required", List.of("phone")));
        schema.put("else", Map.of("required", List.of("email")));
        schema.put("additionalProperties", false);
        return schema;
    }

    /** A prompt that needs an answer first. */
    private static final class Asking implements Prompt.Writer {

        @Override
        public CompletionStage<List<Prompt.Turn>> write(Map<String, String> arguments, Caller caller) {
            return write(arguments, caller, Peer.NONE);
        }

        @Override
        public CompletionStage<List<Prompt.Turn>> write(Map<String, String> arguments, Caller caller, Peer peer) {
            return Questions.ask(
                    peer,
                    "",
                    Map.of(
                            "user_context",
                            Questions.form("What context should the prompt use?", "context", Map.of("type", "string"))),
                    answered -> List.of(said("In this context: " + answered.answers())));
        }
    }

    private static Resource resource(
            String uri, String name, String mimeType, Function<String, ResourceContents> contents) {
        return new Resource(
                uri,
                name,
                name,
                "A resource for tests.",
                mimeType,
                (asked, caller) -> CompletableFuture.completedFuture(contents.apply(asked)));
    }

    private static ResourceContents text(String uri, String text) {
        return new ResourceContents(uri, TEXT, text, false);
    }

    private static Prompt prompt(
            String name, List<Prompt.Argument> arguments, Function<Map<String, String>, List<Prompt.Turn>> turns) {
        return new Prompt(
                name,
                name,
                "A prompt for tests.",
                arguments,
                (given, caller) -> CompletableFuture.completedFuture(turns.apply(given)));
    }

    private static Prompt.Turn said(String text) {
        return turn(new Content.Text(text));
    }

    private static Prompt.Turn turn(Content content) {
        return new Prompt.Turn(Prompt.Role.USER, content);
    }
}
