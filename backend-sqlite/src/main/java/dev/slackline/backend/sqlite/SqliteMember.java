package dev.slackline.backend.sqlite;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.spi.PullPublisher;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** One subscription of this process. */
final class SqliteMember implements PullPublisher.Member {

    private final String group;
    private final PullPublisher.Signals signals;
    private final Writer writer;

    SqliteMember(String group, PullPublisher.Signals signals, Writer writer) {
        this.group = group;
        this.signals = signals;
        this.writer = writer;
    }

    String group() {
        return group;
    }

    /** It was given something: as long as it has asked for more, its next demand is to wait here. */
    void askAgain() {
        signals.wake();
    }

    /** How many deliveries it asks for by now. */
    int demand() {
        return signals.demand();
    }

    void end(Throwable cause) {
        signals.fail(cause);
    }

    @Override
    public CompletionStage<List<Delivery>> fetch(int max) {
        return writer.demand(this);
    }

    @Override
    public void leave() {
        writer.leave(this);
    }
}
