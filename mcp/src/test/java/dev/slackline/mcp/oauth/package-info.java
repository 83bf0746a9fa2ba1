/** What is set for OAuth. */
@NullMarked
package dev.slackline.mcp.oauth;

import org.jspecify.annotations.NullMarked;
