/**
 * What every version of the protocol has in common: {@link dev.slackline.mcp.protocol.Message} reads what came in,
 * {@link dev.slackline.mcp.protocol.Methods} answers it from the catalogue, {@link dev.slackline.mcp.protocol.Outlet} is
 * where the answer goes.
 */
@NullMarked
package dev.slackline.mcp.protocol;

import org.jspecify.annotations.NullMarked;
