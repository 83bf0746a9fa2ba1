package dev.slackline.backend.nats;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.DeadLetters;
import dev.slackline.queue.Group;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Message;
import java.util.List;
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
    public CompletionStage<Boolean> restore(Message message, int attempt, List<DeadLetter.Death> deaths) {
        return groups.takeOver(name, message, attempt, deaths);
    }

    @Override
    public DeadLetters deadLetters() {
        return groups.deadLetters(name);
    }
}
