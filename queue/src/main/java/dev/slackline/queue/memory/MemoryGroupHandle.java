package dev.slackline.queue.memory;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.DeadLetters;
import dev.slackline.queue.Group;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Message;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A group by name, whether or not it is declared; every call takes the lock of the backend. */
final class MemoryGroupHandle implements Group, DeadLetters {

    private final MemoryBackend backend;
    private final String name;

    MemoryGroupHandle(MemoryBackend backend, String name) {
        this.backend = backend;
        this.name = name;
    }

    @Override
    public CompletionStage<Void> declare() {
        return backend.locked(() -> {
            backend.declare(name);
            return null;
        });
    }

    @Override
    public CompletionStage<Void> drop() {
        return backend.locked(() -> {
            backend.drop(name);
            return null;
        });
    }

    @Override
    public CompletionStage<GroupStats> stats() {
        return backend.locked(() -> backend.declared(name).stats());
    }

    @Override
    public CompletionStage<Boolean> restore(Message message, int attempt, List<DeadLetter.Death> deaths) {
        return backend.locked(() -> backend.declared(name).restore(backend.nextSequence(), message, attempt, deaths));
    }

    @Override
    public CompletionStage<Boolean> restore(DeadLetter letter) {
        return backend.locked(() -> backend.declared(name).restore(backend.nextSequence(), letter));
    }

    @Override
    public DeadLetters deadLetters() {
        return this;
    }

    @Override
    public CompletionStage<List<DeadLetter>> list(@Nullable String after, int limit) {
        return backend.locked(() -> backend.declared(name).dead().stream()
                .dropWhile(dead -> after != null && !dead.message().id().equals(after))
                .skip(after == null ? 0 : 1)
                .limit(limit)
                .toList());
    }

    @Override
    public CompletionStage<Optional<DeadLetter>> show(String id) {
        return backend.locked(() -> backend.declared(name).dead().stream()
                .filter(dead -> dead.message().id().equals(id))
                .findFirst());
    }

    @Override
    public CompletionStage<Integer> replay(Collection<String> ids) {
        return backend.locked(() -> backend.declared(name).replay(ids));
    }

    @Override
    public CompletionStage<Integer> replayAll() {
        return backend.locked(() -> backend.declared(name).replay(everyDeadId()));
    }

    @Override
    public CompletionStage<Integer> drop(Collection<String> ids) {
        return backend.locked(() -> backend.declared(name).forget(ids));
    }

    @Override
    public CompletionStage<Integer> dropAll() {
        return backend.locked(() -> backend.declared(name).forget(everyDeadId()));
    }

    private List<String> everyDeadId() {
        return backend.declared(name).dead().stream()
                .map(dead -> dead.message().id())
                .toList();
    }
}
