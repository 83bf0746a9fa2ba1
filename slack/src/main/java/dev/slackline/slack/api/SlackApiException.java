package dev.slackline.slack.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A call that did not succeed. The message says which method, why, and what to do; it holds no token, no argument and
 * nothing of the answer but Slack's own error codes.
 */
public final class SlackApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What Slack has done with the call. */
    public enum Outcome {
        /** Slack has said no: nothing was done. */
        REFUSED,
        /** It never reached Slack: nothing was done. */
        UNSENT,
        /** Nobody knows: it may have been done. Do not repeat what must not be done twice (rule 28). */
        UNCLEAR
    }

    /** There is no token for the workspace. */
    public static final String NOT_INSTALLED = "not_installed";

    /** Slack wants fewer calls, and the call could not wait for that long. Slack's own word. */
    public static final String RATE_LIMITED = "ratelimited";

    /** Too many calls wait for Slack's rate limit already. */
    public static final String TOO_MANY_WAITING = "too_many_waiting";

    /** Slack could not be reached. */
    public static final String CONNECTION_FAILED = "connection_failed";

    /** The connection broke, or Slack did not answer in time. */
    public static final String NO_ANSWER = "no_answer";

    /** What came back is no answer of Slack's. */
    public static final String BAD_ANSWER = "bad_answer";

    /** A file is larger than was wanted. */
    public static final String TOO_LARGE = "too_large";

    /** The client was closed. */
    public static final String CLOSED = "client_closed";

    private final String method;
    private final String error;
    private final Outcome outcome;
    private final String needed;
    private final String provided;
    private final @Nullable Duration retryAfter;

    private SlackApiException(
            String method,
            String error,
            Outcome outcome,
            String needed,
            String provided,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(method + " failed: " + error + "; " + Advice.on(error, needed, provided), cause);
        this.method = method;
        this.error = error;
        this.outcome = outcome;
        this.needed = needed;
        this.provided = provided;
        this.retryAfter = retryAfter;
    }

    /** Slack's answer was no. */
    static SlackApiException answered(
            String method, String error, String needed, String provided, @Nullable Duration retryAfter) {
        return new SlackApiException(method, error, Advice.outcome(error), needed, provided, retryAfter, null);
    }

    /** There was no answer. */
    static SlackApiException failed(String method, String error, Outcome outcome, @Nullable Throwable cause) {
        return new SlackApiException(method, error, outcome, "", "", null, cause);
    }

    /** There is no token, for a {@link SlackTokens} to say so. */
    public static SlackApiException notInstalled(String team) {
        return failed(team.isEmpty() ? "token" : "token for " + team, NOT_INSTALLED, Outcome.UNSENT, null);
    }

    /** Which method was called, {@code chat.postMessage}. */
    public String method() {
        return method;
    }

    /** Slack's error code, {@code channel_not_found}; {@code http_503} and the constants here where Slack gave none. */
    public String error() {
        return error;
    }

    /** What has become of the call. */
    public Outcome outcome() {
        return outcome;
    }

    /** The scopes that the token lacks, for {@code missing_scope}; otherwise empty. */
    public String needed() {
        return needed;
    }

    /** The scopes that the token has, for {@code missing_scope}; otherwise empty. */
    public String provided() {
        return provided;
    }

    /** After how long Slack takes the method from this workspace again; null unless Slack said so. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    /** Whether the same call may succeed later without anybody changing anything. */
    public boolean retryable() {
        return Advice.isTransient(error);
    }
}
