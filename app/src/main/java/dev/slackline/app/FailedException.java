package dev.slackline.app;

import org.jspecify.annotations.Nullable;

/** The command was understood and could not be done. The message says why and what to do. */
final class FailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    FailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
