package dev.slackline.backend.redis;

import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.DeadLetters;
import dev.slackline.queue.Group;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Message;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A group by name, declared or not. What depends on its stages runs on threads of the backend.
 *
 * @param name the name of the group
 */
record RedisGroup(Groups groups, Members members, Executor executor, String name) implements Group {

    @Override
    public CompletionStage<Void> declare() {
        return told(groups.declare(name));
    }

    @Override
    public CompletionStage<Void> drop() {
        return told(groups.drop(name).thenRun(() -> members.dropped(name)));
    }

    @Override
    public CompletionStage<GroupStats> stats() {
        return told(groups.stats(name));
    }

    @Override
    public CompletionStage<Boolean> restore(Message message, int attempt, List<Death> deaths) {
        return told(groups.restore(name, message, Math.max(1, attempt), deaths));
    }

    @Override
    public DeadLetters deadLetters() {
        return new Graveyard(groups, executor, name);
    }

    private <T extends @Nullable Object> CompletionStage<T> told(CompletableFuture<T> result) {
        return result.thenApplyAsync(value -> value, executor);
    }
}
