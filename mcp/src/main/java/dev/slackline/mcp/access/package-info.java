/**
 * What agents may do: {@link dev.slackline.mcp.access.Policy} says it, {@link dev.slackline.mcp.access.Guard} sees to it, for
 * every tool in one place.
 */
@NullMarked
package dev.slackline.mcp.access;

import org.jspecify.annotations.NullMarked;
