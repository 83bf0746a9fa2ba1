package dev.slackline.mcp;

import java.util.Map;

/**
 * One call of a tool.
 *
 * @param arguments what the agent gave, valid by the tool's input schema
 * @param caller who calls
 */
public record ToolCall(Map<String, Object> arguments, Caller caller) {}
