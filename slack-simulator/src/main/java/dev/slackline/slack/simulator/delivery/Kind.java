package dev.slackline.slack.simulator.delivery;

/** What an app is told of. */
public enum Kind {
    /** Something happened in the workspace; retried. */
    EVENT("events_api"),
    /** Somebody typed a slash command; not retried. */
    COMMAND("slash_commands"),
    /** Somebody pressed a button, submitted a modal, asked for options; not retried. */
    INTERACTION("interactive");

    private final String envelope;

    Kind(String envelope) {
        this.envelope = envelope;
    }

    /** The type of its envelope in Socket Mode. */
    public String envelope() {
        return envelope;
    }
}
