package dev.slackline.app.process;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Whoever read stdout has had enough, as {@code head} does. No failure, unless something is left undone for it. */
public final class ReaderGoneException extends UncheckedIOException {

    private static final long serialVersionUID = 1L;

    ReaderGoneException(IOException cause) {
        super("stdout was closed before everything was written", cause);
    }

    /** Whether writing failed for this reason. */
    public static boolean isReason(IOException failure) {
        return String.valueOf(failure.getMessage()).contains("Broken pipe");
    }
}
