/** Tests of the server over http. */
@NullMarked
package dev.slackline.mcp.http;

import org.jspecify.annotations.NullMarked;
