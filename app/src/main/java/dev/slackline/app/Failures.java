package dev.slackline.app;

import dev.slackline.app.process.ReaderGoneException;
import dev.slackline.app.process.Terminal;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.slack.api.SlackApiException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells people what went wrong and chooses the exit code: 2 for wrong usage or configuration, 1 for anything else. */
final class Failures implements IExecutionExceptionHandler {

    private final Terminal terminal;
    private final BooleanSupplier verbose;

    Failures(Terminal terminal, BooleanSupplier verbose) {
        this.terminal = terminal;
        this.verbose = verbose;
    }

    @Override
    public int handleExecutionException(Exception thrown, CommandLine commandLine, ParseResult parsed) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof ReaderGoneException) {
            return 0;
        }
        boolean expected = isExpected(cause);
        if (cause instanceof ConfigurationException wrong) {
            wrong.problems().forEach(problem -> terminal.say("slackline: " + problem));
        } else if (cause instanceof TimeoutException) {
            terminal.say("slackline: the queue did not answer in time");
        } else {
            terminal.say("slackline: " + (expected ? cause.getMessage() : "unexpected error: " + cause));
        }
        if (verbose.getAsBoolean() || !expected) {
            PrintWriter err = terminal.err();
            thrown.printStackTrace(err);
            err.flush();
        } else if (cause.getCause() != null && !(cause instanceof ConfigurationException)) {
            terminal.say("  (--verbose shows the cause)");
        }
        return cause instanceof ConfigurationException || cause instanceof UsageException ? 2 : 1;
    }

    private static boolean isExpected(Throwable cause) {
        return cause instanceof ConfigurationException
                || cause instanceof QueueException
                || cause instanceof SlackApiException
                || cause instanceof UsageException
                || cause instanceof FailedException
                || cause instanceof UncheckedIOException
                || cause instanceof TimeoutException;
    }
}
