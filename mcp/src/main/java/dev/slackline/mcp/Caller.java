package dev.slackline.mcp;

/**
 * Who calls, as far as it is known.
 *
 * @param name the name of the token it showed, or {@code local} where none is asked for; never the token
 */
public record Caller(String name) {

    /** The one that needs no token: over stdio, or over loopback without tokens. */
    public static final Caller LOCAL = new Caller("local");
}
