package dev.slackline.mcp.conformance;

import dev.slackline.mcp.InputNeededException;
import dev.slackline.mcp.Peer;
import dev.slackline.mcp.Question;
import dev.slackline.mcp.Tool;
import dev.slackline.mcp.ToolCall;
import dev.slackline.mcp.ToolResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;

/** The tools that ask the client before they answer. */
final class Questions {

    private static final Map<String, Object> STRING = Map.of("type", "string");
    private static final Question NAME = form("What is your name?", "name", STRING);
    private static final Question CONFIRM = form("Please confirm", "ok", Map.of("type", "boolean"));
    private static final Question ROOTS = new Question(Question.Kind.ROOTS, Map.of());

    private Questions() {}

    static Stream<Tool> tools() {
        return Stream.of(
                Fixtures.asking(
                        "test_sampling",
                        "Asks the client's model.",
                        needs("prompt"),
                        call -> asked(call, "", Map.of("answer", sample(text(call, "prompt"), 100)))),
                Fixtures.asking(
                        "test_elicitation",
                        "Asks the person.",
                        needs("message"),
                        call -> asked(call, "", Map.of("answer", form(text(call, "message"), "response", STRING)))),
                tool(
                        "test_elicitation_sep1034_defaults",
                        "",
                        Map.of(
                                "answer",
                                Question.form(
                                        "Please review and update the form fields with defaults", Forms.defaults()))),
                tool(
                        "test_elicitation_sep1330_enums",
                        "",
                        Map.of("answer", Question.form("Please select options from the enum fields", Forms.choices()))),
                tool("test_missing_capability", "", Map.of("answer", sample("Anything", 10))),
                tool("test_input_required_result_elicitation", "", Map.of("user_name", NAME)),
                tool(
                        "test_input_required_result_sampling",
                        "",
                        Map.of("capital_question", sample("What is the capital of France?", 100))),
                tool("test_input_required_result_list_roots", "", Map.of("client_roots", ROOTS)),
                tool("test_input_required_result_request_state", "state-ok", Map.of("confirm", CONFIRM)),
                tool("test_input_required_result_tampered_state", "integrity-ok", Map.of("confirm", CONFIRM)),
                tool(
                        "test_input_required_result_multiple_inputs",
                        "state-ok",
                        Map.of(
                                "user_name",
                                NAME,
                                "greeting",
                                sample("Generate a greeting", 50),
                                "client_roots",
                                ROOTS)),
                asking("test_input_required_result_multi_round", Questions::rounds),
                asking("test_input_required_result_capabilities", Questions::whatTheClientCan));
    }

    /** Asks, and says what came back; {@code state} goes there and back if it is not empty. */
    static <T> CompletionStage<T> ask(
            Peer peer, String state, Map<String, Question> questions, Function<Peer, T> then) {
        boolean answered = peer.answers().keySet().containsAll(questions.keySet())
                && peer.state().equals(state);
        return answered
                ? CompletableFuture.completedFuture(then.apply(peer))
                : CompletableFuture.failedFuture(new InputNeededException(questions, state));
    }

    private static Tool tool(String name, String state, Map<String, Question> questions) {
        return asking(name, call -> asked(call, state, questions));
    }

    private static Tool asking(String name, Function<ToolCall, CompletionStage<ToolResult>> answer) {
        return Fixtures.asking(name, "Asks the client.", needs(), answer);
    }

    private static CompletionStage<ToolResult> asked(ToolCall call, String state, Map<String, Question> questions) {
        return ask(call.peer(), state, questions, Questions::repeated);
    }

    private static ToolResult repeated(Peer peer) {
        return Fixtures.says(peer.state() + " answers: " + peer.answers());
    }

    private static CompletionStage<ToolResult> rounds(ToolCall call) {
        return call.peer().state().isEmpty()
                ? asked(call, "round 1", Map.of("step1", form("Step 1: What is your name?", "name", STRING)))
                : asked(
                        call,
                        "round 2",
                        Map.of("step2", form("Step 2: What is your favorite color?", "color", STRING)));
    }

    private static CompletionStage<ToolResult> whatTheClientCan(ToolCall call) {
        Map<String, Question> questions = new LinkedHashMap<>();
        if (call.peer().can(Question.Kind.ELICITATION)) {
            questions.put("elicit_input", form("Elicitation input", "value", STRING));
        }
        if (call.peer().can(Question.Kind.SAMPLING)) {
            questions.put("sample_input", sample("Sample request", 50));
        }
        return asked(call, questions.isEmpty() ? "" : "capabilities", questions);
    }

    static Question form(String message, String field, Map<String, Object> type) {
        return Question.form(
                message, Map.of("type", "object", "properties", Map.of(field, type), "required", List.of(field)));
    }

    private static Question sample(String text, int maxTokens) {
        return new Question(
                Question.Kind.SAMPLING,
                Map.of(
                        "messages",
                        List.of(Map.of("role", "user", "content", Map.of("type", "text", "text", text))),
                        "maxTokens",
                        maxTokens));
    }

    private static Map<String, Object> needs(String... names) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (String name : names) {
            properties.put(name, STRING);
        }
        return Map.of("type", "object", "properties", properties, "required", List.of(names));
    }

    private static String text(ToolCall call, String name) {
        return String.valueOf(call.arguments().get(name));
    }
}
