package dev.slackline.slack.simulator.web;

import java.time.Duration;

/**
 * What goes wrong with a call of the Web API.
 *
 * @param afterwards whether the method does its work first, and only then it goes wrong
 * @param status what is answered; 0 cuts the connection; 200 answers as usual, or with {@code error}
 * @param error the {@code error} of the answer; empty for none
 * @param retryAfter the header {@code Retry-After}; zero for none
 * @param delay how long nothing happens before
 */
public record ApiFault(boolean afterwards, int status, String error, Duration retryAfter, Duration delay) {

    private static final int OK = 200;

    /** Answered 429: the caller shall wait that long, whole seconds. */
    public static ApiFault rateLimited(Duration retryAfter) {
        return new ApiFault(false, 429, "ratelimited", retryAfter, Duration.ZERO);
    }

    /** Answered with an error instead of doing it, as {@code invalid_auth}. */
    public static ApiFault error(String code) {
        return new ApiFault(false, OK, code, Duration.ZERO, Duration.ZERO);
    }

    /** Answered 503 instead of doing it. */
    public static ApiFault serverError() {
        return new ApiFault(false, 503, "", Duration.ZERO, Duration.ZERO);
    }

    /** Done, and then answered 503. */
    public static ApiFault serverErrorAfterwards() {
        return new ApiFault(true, 503, "", Duration.ZERO, Duration.ZERO);
    }

    /** The connection is cut instead of doing it. */
    public static ApiFault cut() {
        return new ApiFault(false, 0, "", Duration.ZERO, Duration.ZERO);
    }

    /** Done, and then the connection is cut. */
    public static ApiFault cutAfterwards() {
        return new ApiFault(true, 0, "", Duration.ZERO, Duration.ZERO);
    }

    /** Done and answered, but late. */
    public static ApiFault slow(Duration delay) {
        return new ApiFault(true, OK, "", Duration.ZERO, delay);
    }
}
