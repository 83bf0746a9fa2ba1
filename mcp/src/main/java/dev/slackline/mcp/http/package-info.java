/**
 * The MCP server over streamable HTTP: {@link dev.slackline.mcp.http.McpDoor} is a door of an {@link
 * dev.slackline.slack.HttpServer}, with everything between a hostile network and the protocol.
 */
@NullMarked
package dev.slackline.mcp.http;

import org.jspecify.annotations.NullMarked;
