package dev.slackline.backend.kafka;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.DeadLetters;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters of one group: records of a compacted topic, the last of each message counts. One is replayed by
 * publishing it anew for this group alone, and is gone when that is stored.
 */
final class Graveyard implements DeadLetters {

    private static final int AT_ONCE = 500;

    private final String group;
    private final Names names;
    private final Clerk clerk;
    private final Publisher publisher;
    private final Groups groups;

    Graveyard(String group, Names names, Clerk clerk, Publisher publisher, Groups groups) {
        this.group = group;
        this.names = names;
        this.clerk = clerk;
        this.publisher = publisher;
        this.groups = groups;
    }

    @Override
    public CompletionStage<List<DeadLetter>> list(@Nullable String after, int limit) {
        return ask("listing", () -> clerk.letters(group, clerk.index().page(group, after, limit)));
    }

    @Override
    public CompletionStage<Optional<DeadLetter>> show(String id) {
        return ask("reading", () -> clerk.letters(group, List.of(id)).stream().findFirst());
    }

    @Override
    public CompletionStage<Boolean> restore(DeadLetter letter) {
        String key = names.deadKey(group, letter.message().id());
        Story story = Story.putBack(letter.message(), letter.deaths(), group);
        return groups.asked(
                "taking over a dead letter of group " + group,
                groups.declared(group)
                        .thenCompose(there -> publisher.put(Wire.packDead(names.dead(), key, story)))
                        .thenApply(stored -> true));
    }

    @Override
    public CompletionStage<Integer> replay(Collection<String> ids) {
        return replay(Set.copyOf(ids)::contains);
    }

    @Override
    public CompletionStage<Integer> replayAll() {
        return replay(id -> true);
    }

    @Override
    public CompletionStage<Integer> drop(Collection<String> ids) {
        return drop(Set.copyOf(ids)::contains);
    }

    @Override
    public CompletionStage<Integer> dropAll() {
        return drop(id -> true);
    }

    CompletionStage<Integer> drop(Predicate<String> wanted) {
        return ask("dropping", () -> clerk.index().ids(group, wanted)).thenCompose(this::forget);
    }

    private CompletionStage<Integer> replay(Predicate<String> wanted) {
        return ask("replaying", () -> clerk.index().ids(group, wanted)).thenCompose(ids -> replaySome(ids, 0));
    }

    private CompletionStage<Integer> replaySome(List<String> ids, int done) {
        if (ids.isEmpty()) {
            return CompletableFuture.completedStage(done);
        }
        List<String> some = ids.subList(0, Math.min(ids.size(), AT_ONCE));
        return ask("replaying", () -> clerk.letters(group, some))
                .thenCompose(letters -> all(letters.stream()
                                .map(letter -> publisher.put(Wire.pack(
                                        names.topic(), Story.putBack(letter.message(), letter.deaths(), group))))
                                .toList())
                        .thenCompose(stored -> forget(letters.stream()
                                .map(letter -> letter.message().id())
                                .toList())))
                .thenCompose(replayed -> replaySome(ids.subList(some.size(), ids.size()), done + replayed));
    }

    private CompletionStage<Integer> forget(List<String> ids) {
        List<CompletableFuture<?>> writes = new ArrayList<>();
        for (String id : ids) {
            writes.add(publisher.put(new ProducerRecord<>(names.dead(), 0, Wire.utf8(names.deadKey(group, id)), null)));
        }
        return all(writes).thenApply(stored -> ids.size());
    }

    private static CompletableFuture<Void> all(List<? extends CompletableFuture<?>> writes) {
        return CompletableFuture.allOf(writes.toArray(CompletableFuture<?>[]::new));
    }

    private <T> CompletableFuture<T> ask(String what, Clerk.Request<T> request) {
        String asking = what + " the dead letters of group " + group;
        return groups.asked(asking, groups.declared(group).thenCompose(there -> clerk.ask(asking, request)));
    }
}
