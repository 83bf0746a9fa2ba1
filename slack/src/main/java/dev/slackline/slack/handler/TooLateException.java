package dev.slackline.slack.handler;

/** An answer came too late, and nothing was said about what to do then. */
final class TooLateException extends Exception {

    private static final long serialVersionUID = 1L;

    TooLateException() {
        super(
                "the answer came too late: Slack had its acknowledgement, and whoever waits for the answer has not got it;"
                        + " say with Answer.ifTooLate what to do then");
    }
}
