package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The calls of {@code every-tool.json}, which every client makes. Each names a {@code tool} and what it is called
 * {@code with}; what it {@code keep}s is a variable and where in the structured result it stands; what is {@code expect}ed is
 * a place there and the value, or null for any. Variables stand as <code>${name}</code> in strings.
 */
final class ToolScript {

    static final Path FILE = Path.of("src", "test", "resources", "every-tool.json");

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)}");

    private final Map<String, String> kept = new HashMap<>();

    private ToolScript(Map<String, String> variables) {
        kept.putAll(variables);
    }

    /**
     * Makes all calls.
     *
     * @param call makes one, and gives the structured result of success
     * @return the tools that were called
     */
    static List<String> run(Map<String, String> variables, BiFunction<String, Map<String, Object>, JsonNode> call)
            throws IOException {
        ToolScript script = new ToolScript(variables);
        List<String> called = new ArrayList<>();
        for (JsonNode step : JSON.readTree(Files.readString(FILE))) {
            String tool = step.path("tool").asString();
            script.check(step, call.apply(tool, script.arguments(step)));
            called.add(tool);
        }
        return called;
    }

    private Map<String, Object> arguments(JsonNode step) {
        Map<String, Object> arguments = new HashMap<>();
        filled(step.path("with"))
                .properties()
                .forEach(each -> arguments.put(each.getKey(), JSON.treeToValue(each.getValue(), Object.class)));
        return arguments;
    }

    private void check(JsonNode step, JsonNode result) {
        filled(step.path("expect")).properties().forEach(each -> {
            JsonNode found = at(step, result, each.getKey());
            if (!each.getValue().isNull()) {
                assertThat(found).as(step + ": " + each.getKey()).isEqualTo(each.getValue());
            }
        });
        step.path("keep")
                .properties()
                .forEach(each -> kept.put(
                        each.getKey(),
                        at(step, result, each.getValue().asString()).asString()));
    }

    private static JsonNode at(JsonNode step, JsonNode result, String place) {
        JsonNode found = result.at(place);
        assertThat(found.isMissingNode()).as(step + ": there is no " + place).isFalse();
        return found;
    }

    private JsonNode filled(JsonNode value) {
        return JSON.readTree(VARIABLE.matcher(value.isMissingNode() ? "{}" : value.toString())
                .replaceAll(each -> Matcher.quoteReplacement(kept.get(each.group(1)))));
    }
}
