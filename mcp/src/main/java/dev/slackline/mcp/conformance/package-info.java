/**
 * What the protocol's own conformance suite calls, {@link dev.slackline.mcp.conformance.Fixtures}. Offered only where
 * {@code MCP_CONFORMANCE_FIXTURES} asks for it.
 */
@NullMarked
package dev.slackline.mcp.conformance;

import org.jspecify.annotations.NullMarked;
