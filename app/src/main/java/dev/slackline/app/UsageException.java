package dev.slackline.app;

/** The command cannot be run as it was given. The message says how it can. */
final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
