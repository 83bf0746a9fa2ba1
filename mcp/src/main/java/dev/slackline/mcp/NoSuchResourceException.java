package dev.slackline.mcp;

/** There is nothing to read under this address. */
public final class NoSuchResourceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The message is for the agent: what is not there, and what to try. */
    public NoSuchResourceException(String message) {
        super(message);
    }
}
