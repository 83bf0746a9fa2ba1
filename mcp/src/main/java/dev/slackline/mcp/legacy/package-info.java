/**
 * The protocol from 2024-11-05 to 2025-11-25, with sessions, as the Java SDK carries it: {@link
 * dev.slackline.mcp.legacy.LegacySessions} over HTTP, {@link dev.slackline.mcp.legacy.LegacyPipe} over stdio.
 */
@NullMarked
package dev.slackline.mcp.legacy;

import org.jspecify.annotations.NullMarked;
