package dev.slackline.slack.handler;

/** A {@code response_url} takes nothing more: it was used five times, or thirty minutes are over (rule 16). */
public final class ResponseUrlException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ResponseUrlException(String message) {
        super(message);
    }
}
