package dev.slackline.mcp.access;

import dev.slackline.mcp.Tool;
import java.util.List;
import java.util.Map;

/**
 * How a tool says where it works: the argument {@code channel} is a conversation, and {@code file}, {@code canvas} and
 * {@code list} are things shared in some. Every tool keeps to that, and so does every result.
 */
final class Places {

    static final String CHANNEL = "channel";
    static final String CHANNELS = "channels";
    static final List<String> SHARED = List.of("file", "canvas", "list");

    private Places() {}

    /** Whether a tool cannot be called without naming one. */
    static boolean requires(Tool tool) {
        return tool.input().get("required") instanceof List<?> required
                && (required.contains(CHANNEL) || SHARED.stream().anyMatch(required::contains));
    }

    /** The place that an argument names; empty if it names none. */
    static String argument(Map<String, Object> arguments, String name) {
        Object value = arguments.get(name);
        if (value == null) {
            return "";
        }
        if (value instanceof String text && !text.isBlank()) {
            return text.strip();
        }
        throw new RefusedException("The argument " + name + " must be a text that is not empty.");
    }
}
