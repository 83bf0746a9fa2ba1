package dev.slackline.backend.kafka;

import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.DeadLetters;
import dev.slackline.queue.Group;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Message;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A group by name. */
final class KafkaGroup implements Group {

    private final Groups groups;
    private final String name;

    KafkaGroup(Groups groups, String name) {
        this.groups = groups;
        this.name = name;
    }

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
    public CompletionStage<Boolean> restore(Message message, int attempt, List<Death> deaths) {
        return groups.restore(name, message, attempt, deaths);
    }

    @Override
    public DeadLetters deadLetters() {
        return groups.graveyard(name);
    }
}
