/**
 * Slack as tools, resources and prompts: {@link dev.slackline.mcp.slack.SlackTools}. Names resolve through a cache that
 * fills in the background; nothing here blocks the thread that calls it.
 */
@NullMarked
package dev.slackline.mcp.slack;

import org.jspecify.annotations.NullMarked;
