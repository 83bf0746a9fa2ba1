package dev.slackline.queue.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.testkit.Ledger.Outcome;
import org.junit.jupiter.api.Test;

class LedgerTest {

    private final Ledger ledger = new Ledger();

    @Test
    void whatComesAfterItsAcknowledgementIsAFault() {
        ledger.delivered("bots", "m1", 1);
        ledger.settled("bots", "m1", Outcome.ACK);
        ledger.delivered("bots", "m1", 1);

        assertThatThrownBy(ledger::check).isInstanceOf(AssertionError.class).hasMessageContaining("m1");
    }

    @Test
    void aLaterAttemptAfterTheAcknowledgementIsAFault() {
        ledger.delivered("bots", "m1", 1);
        ledger.settled("bots", "m1", Outcome.ACK);
        ledger.delivered("bots", "m1", 2);

        assertThatThrownBy(ledger::check).isInstanceOf(AssertionError.class).hasMessageContaining("m1");
    }
}
