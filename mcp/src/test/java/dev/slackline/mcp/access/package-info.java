@NullMarked
package dev.slackline.mcp.access;

import org.jspecify.annotations.NullMarked;
