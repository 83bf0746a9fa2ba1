package dev.slackline.mcp;

import java.util.Map;

/**
 * One call of a tool.
 *
 * @param arguments what the agent gave, valid by the tool's input schema
 * @param caller who calls
 * @param peer the client behind it
 * @param since when it came, by {@link System#nanoTime()}: its client does not wait for ever
 */
public record ToolCall(Map<String, Object> arguments, Caller caller, Peer peer, long since) {

    /** A call that has just come. */
    public ToolCall(Map<String, Object> arguments, Caller caller, Peer peer) {
        this(arguments, caller, peer, System.nanoTime());
    }

    /** A call with nobody behind it. */
    public ToolCall(Map<String, Object> arguments, Caller caller) {
        this(arguments, caller, Peer.NONE);
    }

    /** The same call with other arguments. */
    public ToolCall with(Map<String, Object> others) {
        return new ToolCall(others, caller, peer, since);
    }
}
