/**
 * The inbox: agents take Slack's events as work. {@link dev.slackline.mcp.inbox.Inbox} is what to open.
 */
@NullMarked
package dev.slackline.mcp.inbox;

import org.jspecify.annotations.NullMarked;
