package dev.slackline.mcp;

import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Something that an agent can have done.
 *
 * @param name {@code slack_post_message}: what it is called by
 * @param title for people
 * @param description for the agent: what it does, when to use it, what comes back
 * @param input the JSON Schema of its arguments, an object
 * @param output the JSON Schema of its structured result, an object; empty if it has none
 * @param effect what a call may change
 * @param action does it; never blocks the thread that calls it
 */
public record Tool(
        String name,
        String title,
        String description,
        Map<String, Object> input,
        Map<String, Object> output,
        Effect effect,
        Action action) {

    /** The same, done by something else. */
    public Tool with(Action other) {
        return new Tool(name, title, description, input, output, effect, other);
    }

    /** What a call may change, from which the protocol's annotations follow. */
    public enum Effect {
        /** Nothing. */
        READS,
        /** Adds something; calling it twice adds it twice. */
        ADDS,
        /** Sets something; calling it twice changes no more than calling it once. */
        SETS,
        /** Removes or overwrites something for good. */
        DESTROYS
    }

    /** Does what a tool is for. */
    @FunctionalInterface
    public interface Action {

        /**
         * Does it.
         *
         * @return what came of it; what the agent can mend is a {@link ToolResult#error}, never a failed future. An
         *     {@link InputNeededException} asks the client; any other failed future is our own fault, and the agent learns no
         *     more than that
         */
        CompletionStage<ToolResult> call(ToolCall call);
    }
}
