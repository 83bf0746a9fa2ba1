package dev.slackline.mcp;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * A request that people can start an agent with.
 *
 * @param name {@code triage}
 * @param title for people
 * @param description for people
 * @param arguments what it asks for
 * @param writer writes it out
 */
public record Prompt(String name, String title, String description, List<Argument> arguments, Writer writer) {

    public Prompt {
        arguments = List.copyOf(arguments);
    }

    /**
     * Something that a prompt asks for.
     *
     * @param suggestions values that clients may offer; anything else is as good
     */
    public record Argument(String name, String description, boolean required, List<String> suggestions) {

        public Argument {
            suggestions = List.copyOf(suggestions);
        }

        /** One that suggests nothing. */
        public Argument(String name, String description, boolean required) {
            this(name, description, required, List.of());
        }
    }

    /** One turn of the conversation that a prompt starts. */
    public record Turn(Role role, Content content) {}

    /** Whose turn it is. */
    public enum Role {
        /** The person's. */
        USER,
        /** The model's. */
        ASSISTANT
    }

    /** Writes a prompt out; never blocks the thread that calls it. */
    @FunctionalInterface
    public interface Writer {

        /** Writes it out with these arguments, of which the required ones are there. */
        CompletionStage<List<Turn>> write(Map<String, String> arguments, Caller caller);

        /** The same for one that asks the client: may fail with an {@link InputNeededException}. */
        default CompletionStage<List<Turn>> write(Map<String, String> arguments, Caller caller, Peer peer) {
            return write(arguments, caller);
        }
    }
}
