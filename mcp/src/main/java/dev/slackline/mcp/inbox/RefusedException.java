package dev.slackline.mcp.inbox;

/** A call cannot be done as it was made; the message tells the agent what to change. */
final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
        super(message);
    }
}
