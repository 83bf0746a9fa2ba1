package dev.slackline.mcp;

/**
 * Who calls, as far as it is known.
 *
 * @param name the name of the token it showed, or {@code local} where none is asked for; never the token
 * @param access what it may do at most
 */
public record Caller(String name, Access access) {

    /** The one that needs no token: over stdio, or over loopback without tokens. */
    public static final Caller LOCAL = new Caller("local");

    /** What a caller may do, whatever else the server permits. Checked before a tool hears of the call. */
    public enum Access {
        /** Tools that change nothing; it does not see the others. */
        READ,
        /** Every tool. */
        WRITE;

        /** Whether this lets a tool run. */
        public boolean permits(Tool.Effect effect) {
            return this == WRITE || effect == Tool.Effect.READS;
        }
    }

    /** One that may do everything that the server permits. */
    public Caller(String name) {
        this(name, Access.WRITE);
    }
}
