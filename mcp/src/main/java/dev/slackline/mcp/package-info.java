/**
 * What an MCP server offers, described once and in no version of the protocol: {@link dev.slackline.mcp.Tool},
 * {@link dev.slackline.mcp.Resource}, {@link dev.slackline.mcp.ResourceTemplate} and {@link dev.slackline.mcp.Prompt},
 * together a {@link dev.slackline.mcp.Catalog}.
 */
@NullMarked
package dev.slackline.mcp;

import org.jspecify.annotations.NullMarked;
