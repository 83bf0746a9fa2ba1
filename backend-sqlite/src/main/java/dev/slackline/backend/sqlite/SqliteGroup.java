package dev.slackline.backend.sqlite;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.DeadLetters;
import dev.slackline.queue.Group;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Message;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A group by name: changes go to the writer, questions to the reader. */
final class SqliteGroup implements Group, DeadLetters {

    /** So many dead letters share a transaction when all are meant. */
    private static final int AT_ONCE = 200;

    private final String name;
    private final Writer writer;
    private final Reader reader;
    private final Graveyard graveyard;

    SqliteGroup(String name, Writer writer, Reader reader) {
        this.name = name;
        this.writer = writer;
        this.reader = reader;
        this.graveyard = new Graveyard(name, writer.failures());
    }

    @Override
    public CompletionStage<Void> declare() {
        return write(tx -> GroupWrite.declare(tx, name));
    }

    @Override
    public CompletionStage<Void> drop() {
        return write(tx -> GroupWrite.drop(tx, name));
    }

    @Override
    public CompletionStage<GroupStats> stats() {
        return reader.stats(name);
    }

    @Override
    public CompletionStage<Boolean> restore(Message message, int attempt, List<Death> deaths) {
        return writer.submit(RestoreWrite.waiting(name, message, attempt, deaths, writer.failures()));
    }

    @Override
    public CompletionStage<Boolean> restore(DeadLetter letter) {
        return writer.submit(RestoreWrite.dead(name, letter, writer.failures()));
    }

    @Override
    public DeadLetters deadLetters() {
        return this;
    }

    @Override
    public CompletionStage<List<DeadLetter>> list(@Nullable String after, int limit) {
        return reader.deadLetters(name, after, limit);
    }

    @Override
    public CompletionStage<Optional<DeadLetter>> show(String id) {
        return reader.deadLetter(name, id);
    }

    @Override
    public CompletionStage<Integer> replay(Collection<String> ids) {
        return some(ids, Graveyard::replay);
    }

    @Override
    public CompletionStage<Integer> replayAll() {
        return all(Graveyard::replay);
    }

    @Override
    public CompletionStage<Integer> drop(Collection<String> ids) {
        return some(ids, Graveyard::drop);
    }

    @Override
    public CompletionStage<Integer> dropAll() {
        return all(Graveyard::drop);
    }

    private CompletionStage<Integer> some(Collection<String> ids, Graveyard.Work work) {
        List<String> copy = List.copyOf(ids);
        return write(tx -> graveyard.each(tx, copy, work));
    }

    /** Those that are there now, part by part, so that nobody waits long for the writer. */
    private CompletionStage<Integer> all(Graveyard.Work work) {
        CompletableFuture<Integer> result = new CompletableFuture<>();
        write(graveyard::last).whenComplete((last, error) -> {
            if (error != null) {
                result.completeExceptionally(error);
            } else {
                upTo(last, work, 0, result);
            }
        });
        return result;
    }

    private void upTo(long last, Graveyard.Work work, int done, CompletableFuture<Integer> result) {
        write(tx -> graveyard.oldest(tx, last, AT_ONCE, work)).whenComplete((more, error) -> {
            if (error != null) {
                result.completeExceptionally(error);
            } else if (more < AT_ONCE) {
                result.complete(done + more);
            } else {
                upTo(last, work, done + more, result);
            }
        });
    }

    private <T> CompletableFuture<T> write(GroupWrite.Work<T> work) {
        return writer.submit(new GroupWrite<>(work, writer.failures()));
    }
}
