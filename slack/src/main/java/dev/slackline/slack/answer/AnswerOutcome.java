package dev.slackline.slack.answer;

/** What became of an answer. */
public enum AnswerOutcome {
    /** It is in the acknowledgement that Slack gets. */
    TAKEN,
    /** It was noted that this group has nothing to say. */
    NOTED,
    /** The plain acknowledgement has gone out: the answer is refused, and whatever it said must be said another way. */
    TOO_LATE
}
