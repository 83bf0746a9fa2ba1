package dev.slackline.mcp.inbox;

import java.util.Locale;

/** What came of the settlement of a claim, in words that tell an agent what to do. */
enum Ending {
    ACKED("done; the group never sees the event again", true),
    RETRIED("given back; it comes again after the delay, to whoever claims it then", true),
    DEAD_LETTERED("kept as a dead letter; see dead_letters_list", true),
    EXTENDED("yours for another lease", true),
    ALREADY_SETTLED("this claim was settled before, and that stands; there is nothing to do", true),
    EXPIRED(
            "the lease ran out first: the event has been given back, or somebody else has it. Nothing was changed. Claim"
                    + " again with events_claim, and check whether the work was done before you repeat it",
            false),
    UNKNOWN(
            "no such claim of yours: copy the token as events_claim gave it. If the server was restarted since, the event"
                    + " comes back by itself; claim again with events_claim",
            false),
    UNCERTAIN("the queue did not confirm it; call again with the same token, at once", false);

    private final String meaning;
    private final boolean good;

    Ending(String meaning, boolean good) {
        this.meaning = meaning;
        this.good = good;
    }

    /** For the agent. */
    String meaning() {
        return meaning;
    }

    /** Whether the agent need do nothing about it. */
    boolean isGood() {
        return good;
    }

    /** {@code already_settled}. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
