/** The MCP server over a pair of streams: {@link dev.slackline.mcp.stdio.McpPipe}. */
@NullMarked
package dev.slackline.mcp.stdio;

import org.jspecify.annotations.NullMarked;
