package dev.slackline.slack.simulator.socket;

import java.util.Locale;

/** Why Slack asks a client to leave a connection. */
public enum DisconnectReason {
    /** It will end in about ten seconds. */
    WARNING,
    /** It ends now: Slack needs the machine for something else. */
    REFRESH_REQUESTED,
    /** It ends now: Socket Mode was switched off. */
    LINK_DISABLED,
    /** It ends now: there are more than ten. */
    TOO_MANY_WEBSOCKETS;

    /** As in the message. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
