package dev.slackline.mcp.access;

import dev.slackline.mcp.Tool;
import dev.slackline.mcp.Tool.Effect;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What agents may do. Immutable.
 *
 * @param writes whether they may change anything at all
 * @param writable where they may write, if so
 * @param readable which conversations exist for them; also bounds {@code writable}
 * @param tools names of the tools they may call, {@code *} standing for anything; empty for all
 * @param disabled names of those they may not, which wins
 */
public record Policy(
        boolean writes, ChannelRules writable, ChannelRules readable, List<String> tools, List<String> disabled) {

    /** Everything. */
    public static final Policy EVERYTHING = new Policy(true, ChannelRules.ALL, ChannelRules.ALL, List.of(), List.of());

    /** Reading everything, which is the default. */
    public static final Policy READING = EVERYTHING.readOnly();

    public Policy {
        tools = List.copyOf(tools);
        disabled = List.copyOf(disabled);
    }

    /** The same without writing. */
    public Policy readOnly() {
        return new Policy(false, writable, readable, tools, disabled);
    }

    /** Whether channels differ: whether one must be known before it is decided about. */
    public boolean isByChannel() {
        return !readable.permitAll() || (writes && !writable.permitAll());
    }

    /** Whether a tool is there at all. */
    boolean offers(Tool tool) {
        return isChosen(tool.name()) && (tool.effect() == Effect.READS || mayEverWrite(tool));
    }

    boolean mayRead(Conversation conversation) {
        return readable.permit(conversation);
    }

    boolean mayWrite(Conversation conversation) {
        return writes && readable.permit(conversation) && writable.permit(conversation);
    }

    boolean mayWriteElsewhere() {
        return writes && readable.permitElsewhere() && writable.permitElsewhere();
    }

    /** Whether nobody need know where something is written. */
    boolean mayWriteAnywhere() {
        return writes && readable.permitAll() && writable.permitAll();
    }

    /** A tool that names no place writes elsewhere: it makes a channel, a list, a reminder. */
    private boolean mayEverWrite(Tool tool) {
        return writes && (Places.requires(tool) || mayWriteElsewhere());
    }

    private boolean isChosen(String name) {
        return (tools.isEmpty() || matches(tools, name)) && !matches(disabled, name);
    }

    private static boolean matches(List<String> patterns, String name) {
        return patterns.stream()
                .anyMatch(pattern -> Pattern.matches(Pattern.quote(pattern).replace("*", "\\E.*\\Q"), name));
    }
}
