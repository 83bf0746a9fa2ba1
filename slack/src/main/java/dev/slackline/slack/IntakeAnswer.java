package dev.slackline.slack;

/** How the intake answers a request. */
public enum IntakeAnswer {
    /** The message is durable, or it was before: a known duplicate. */
    DURABLE(200),
    /** Durable, and a handler's answer is in the acknowledgement. */
    ANSWERED(200),
    /** Genuine but of no known kind; durable under the key {@code unknown} or {@code unknown.<type>}. */
    PARKED(200),
    /** Slack holds events back because there are too many of them; the notice is durable. */
    RATE_LIMIT_NOTICE(200),
    /** Slack's {@code url_verification} got its challenge back. */
    CHALLENGE(200),
    /** Slack tried the certificate. */
    SSL_CHECK(200),
    /** Signed, but nothing that could ever be parsed; Slack is told not to send it again. */
    MALFORMED(400),
    /** The request did not arrive whole: broken off, broken, or too slow. */
    INCOMPLETE(400),
    /** The signature is missing, stale, or of another secret. */
    UNAUTHORIZED(401),
    /** Neither an event nor a POST. */
    METHOD_NOT_ALLOWED(405),
    /** The body is larger than the intake or the queue takes. */
    TOO_LARGE(413),
    /** The queue did not confirm in time; Slack sends it again. */
    UNAVAILABLE(503);

    private final int status;

    IntakeAnswer(int status) {
        this.status = status;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }
}
