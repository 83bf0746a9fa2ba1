package dev.slackline.slack.handler;

import dev.slackline.slack.answer.AnswerDesk;
import dev.slackline.slack.answer.AnswerOutcome;
import dev.slackline.slack.answer.AnswerSender;
import dev.slackline.slack.event.SlackEvent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Brings what handlers answer to Slack's acknowledgement, and lets it go where they have nothing to say. Thread-safe. */
final class Answering {

    private final AnswerSender sender;

    Answering(String group, @Nullable AnswerDesk desk) {
        this.sender = new AnswerSender(group, desk);
    }

    /** No handler here answers this: whoever waits for this group need not. */
    void pass(SlackEvent event) throws InterruptedException {
        if (sender.isWelcome(event.message())) {
            sender.send(event.message(), Optional.empty());
        }
    }

    /** Answers, one way or the other. */
    void give(Answer answer, SlackEvent event, Slack slack) throws Exception {
        if (answer.payload().isEmpty()) {
            pass(event);
            return;
        }
        AnswerOutcome outcome = sender.isWelcome(event.message())
                ? sender.send(event.message(), answer.payload())
                : AnswerOutcome.TOO_LATE;
        SlackHandler late = answer.whenTooLate();
        if (outcome == AnswerOutcome.TOO_LATE && late != null) {
            late.handle(event, slack);
        }
    }
}
