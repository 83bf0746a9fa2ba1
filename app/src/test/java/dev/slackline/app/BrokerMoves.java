package dev.slackline.app;

import dev.slackline.app.brokers.TestBroker;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Moves from a file to a broker and back, killed once and started again. */
abstract class BrokerMoves extends OnTopic {

    private static final int MESSAGES = 800;

    BrokerMoves(TestBroker broker) {
        super(broker);
    }

    @Test
    @Timeout(180)
    void fromAFileToABrokerThatIsAwayForAWhile() throws Exception {
        new KilledMove(folder, MESSAGES, 1).isWhole(file(), environment(), this::restart);
    }

    @Test
    @Timeout(180)
    void fromTheBrokerToAFile() throws Exception {
        new KilledMove(folder, MESSAGES, 1).isWhole(environment(), file());
    }

    /** Kills the broker under the move, which waits for it. */
    private void restart(SlacklineProcess move, MovedTopic from, MovedTopic to) {
        long before = to.waiting();
        SlacklineProcess.await("some more are there", () -> {
            from.publish(1, 0);
            return to.waiting() > before;
        });
        broker.control().kill9();
        from.publish(1, 0);
        SlacklineProcess.await("it has noticed", () -> move.err().contains("takes nothing now"));
        broker.control().start();
    }

    private Map<String, String> file() {
        return KilledMove.sqlite(folder.resolve("moved.db"));
    }
}
