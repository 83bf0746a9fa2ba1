/** Tests of the server over stdio. */
@NullMarked
package dev.slackline.mcp.stdio;

import org.jspecify.annotations.NullMarked;
