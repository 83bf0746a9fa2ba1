package dev.slackline.backend.postgres;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.spi.PullPublisher;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** One subscription of this process. */
final class PostgresMember implements PullPublisher.Member {

    private final String group;
    private final PullPublisher.Signals signals;
    private final Waiting waiting;
    private final Members members;

    PostgresMember(String group, PullPublisher.Signals signals, Waiting waiting, Members members) {
        this.group = group;
        this.signals = signals;
        this.waiting = waiting;
        this.members = members;
    }

    String group() {
        return group;
    }

    /** How many deliveries it asks for by now. */
    int demand() {
        return signals.demand();
    }

    /** It was given something: as long as it has asked for more, its next demand is to wait here. */
    void askAgain() {
        signals.wake();
    }

    void end(Throwable cause) {
        signals.fail(cause);
    }

    @Override
    public CompletionStage<List<Delivery>> fetch(int max) {
        return waiting.add(this);
    }

    @Override
    public void leave() {
        waiting.remove(this);
        members.leave(this);
    }
}
