package dev.slackline.mcp.access;

/** A call that is not done, for a reason that the agent can do something about. */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The message is for the agent: why not, and what to do. It holds nothing that anybody wrote in Slack. */
    public RefusedException(String message) {
        super(message);
    }
}
