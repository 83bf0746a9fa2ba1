package dev.slackline.slack;

import dev.slackline.queue.Payload;
import java.util.Optional;

/**
 * What Slack is told about something that it sent.
 *
 * @param answer stored, or why not
 * @param remark for people, what is wrong; empty when nothing is
 * @param content what a handler says in it; only when it is {@link IntakeAnswer#ANSWERED}
 */
public record Acknowledgement(IntakeAnswer answer, String remark, Optional<Payload> content) {

    /** Without a reply. */
    public static Acknowledgement plain(IntakeAnswer answer, String remark) {
        return new Acknowledgement(answer, remark, Optional.empty());
    }
}
