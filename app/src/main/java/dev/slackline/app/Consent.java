package dev.slackline.app;

import dev.slackline.app.process.Terminal;

/** To something that cannot be undone. */
final class Consent {

    private Consent() {}

    /** Asks before something is lost for good: on a terminal; elsewhere {@code --yes} is needed. */
    static boolean given(Terminal terminal, boolean yes, String what) {
        if (yes) {
            return true;
        }
        if (!terminal.asksPeople()) {
            throw new UsageException(what + " cannot be undone; add --yes to do it");
        }
        return terminal.confirmed(what + " cannot be undone. Do it?");
    }
}
