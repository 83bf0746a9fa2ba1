/**
 * The protocol from 2026-07-28 on, without sessions: every request says all there is to know. {@link
 * dev.slackline.mcp.modern.Modern} answers them, over HTTP and stdio alike.
 */
@NullMarked
package dev.slackline.mcp.modern;

import org.jspecify.annotations.NullMarked;
