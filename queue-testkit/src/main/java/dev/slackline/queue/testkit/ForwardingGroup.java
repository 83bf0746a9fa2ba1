package dev.slackline.queue.testkit;

import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.DeadLetters;
import dev.slackline.queue.Group;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Message;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Passes every call on; a subclass changes one of them. As thread-safe as what it wraps. */
public class ForwardingGroup implements Group {

    private final Group group;

    /** Wraps a group. */
    protected ForwardingGroup(Group group) {
        this.group = group;
    }

    @Override
    public CompletionStage<Void> declare() {
        return group.declare();
    }

    @Override
    public CompletionStage<Void> drop() {
        return group.drop();
    }

    @Override
    public CompletionStage<GroupStats> stats() {
        return group.stats();
    }

    @Override
    public CompletionStage<Boolean> restore(Message message, int attempt, List<Death> deaths) {
        return group.restore(message, attempt, deaths);
    }

    @Override
    public DeadLetters deadLetters() {
        return group.deadLetters();
    }
}
