/**
 * The MCP server as a protected resource of OAuth 2.1: {@link dev.slackline.mcp.oauth.AccessTokens} tells the tokens of one
 * authorization server from all others, {@link dev.slackline.mcp.oauth.ProtectedResource} tells clients where to get one.
 */
@NullMarked
package dev.slackline.mcp.oauth;

import org.jspecify.annotations.NullMarked;
