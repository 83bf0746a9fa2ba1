@NullMarked
package dev.slackline.mcp.slack;

import org.jspecify.annotations.NullMarked;
