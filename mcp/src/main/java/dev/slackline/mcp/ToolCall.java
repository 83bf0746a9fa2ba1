package dev.slackline.mcp;

import java.util.Map;

/**
 * One call of a tool.
 *
 * @param arguments what the agent gave, valid by the tool's input schema
 * @param caller who calls
 * @param peer the client behind it
 */
public record ToolCall(Map<String, Object> arguments, Caller caller, Peer peer) {

    /** A call with nobody behind it. */
    public ToolCall(Map<String, Object> arguments, Caller caller) {
        this(arguments, caller, Peer.NONE);
    }
}
