package dev.slackline.backend.nats;

import dev.slackline.queue.DeadLetters;
import dev.slackline.queue.Group;
import dev.slackline.queue.GroupStats;
import java.util.concurrent.CompletionStage;

/**
 * A group by name, declared or not.
 *
 * @param groups what does the work
 * @param name the name of the group
 */
record NatsGroup(Groups groups, String name) implements Group {

    @Override
    public CompletionStage<Void> declare() {
        return groups.declare(name);
    }

    @Override
    public CompletionStage<Void> drop() {
        return groups.drop(name);
    }

    @Override
    public CompletionStage<GroupStats> stats() {
        return groups.stats(name);
    }

    @Override
    public DeadLetters deadLetters() {
        return groups.deadLetters(name);
    }
}
