package dev.slackline.backend.rabbitmq;

import com.rabbitmq.client.Connection;
import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.DeadLetters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters of one group. Whoever looks at them holds the group's lock, so that nobody else finds the queue empty
 * meanwhile; what is not taken goes back. A copy that a crash left behind counts as one with the first.
 */
final class Graveyard implements DeadLetters {

    private static final int AT_ONCE = 500;

    private final String group;
    private final Names names;
    private final Admin admin;
    private final Locks locks;
    private final Publisher publisher;
    private final Failures failures;

    Graveyard(String group, Names names, Admin admin, Locks locks, Publisher publisher, Failures failures) {
        this.group = group;
        this.names = names;
        this.admin = admin;
        this.locks = locks;
        this.publisher = publisher;
        this.failures = failures;
    }

    @Override
    public CompletionStage<List<DeadLetter>> list(@Nullable String after, int limit) {
        return locked("listing the dead letters", connection -> {
            DeadIndex index = new DeadIndex();
            visit(connection, Long.MAX_VALUE, (scan, found, letter) -> index.add(letter));
            List<String> page = index.page(after, limit);
            List<DeadLetter> kept = index.letters(page);
            return kept != null ? kept : read(connection, page);
        });
    }

    /** A second reading, of those that are wanted, where all of them are too much to be kept at once. */
    private List<DeadLetter> read(Connection connection, List<String> page)
            throws IOException, TimeoutException, InterruptedException {
        Set<String> wanted = new HashSet<>(page);
        List<DeadLetter> letters = new ArrayList<>();
        visit(connection, Long.MAX_VALUE, (scan, found, letter) -> {
            if (wanted.remove(letter.message().id())) {
                letters.add(letter);
            }
        });
        letters.sort(DeadIndex.BY_DEATH);
        return letters;
    }

    @Override
    public CompletionStage<Optional<DeadLetter>> show(String id) {
        return locked("reading a dead letter", connection -> {
            List<DeadLetter> found = read(connection, List.of(id));
            return found.stream().findFirst();
        });
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
    public CompletionStage<Boolean> restore(DeadLetter letter) {
        return publisher.put(names.dead(group), Story.dead(letter)).thenApply(stored -> true);
    }

    @Override
    public CompletionStage<Integer> drop(Collection<String> ids) {
        return drop(Set.copyOf(ids)::contains);
    }

    @Override
    public CompletionStage<Integer> dropAll() {
        return drop(id -> true);
    }

    private CompletionStage<Integer> replay(Predicate<String> wanted) {
        return locked("replaying dead letters", connection -> {
            Set<String> done = new HashSet<>();
            visit(connection, size(connection), (scan, found, letter) -> {
                String id = letter.message().id();
                if (wanted.test(id)) {
                    if (done.add(id)) {
                        publisher
                                .put(names.group(group), Story.replayed(letter))
                                .orTimeout(Locks.PATIENCE.toMillis(), TimeUnit.MILLISECONDS) // the lock is held
                                .join();
                    }
                    scan.take(found);
                }
            });
            return done.size();
        });
    }

    private CompletionStage<Integer> drop(Predicate<String> wanted) {
        return locked("dropping dead letters", connection -> {
            Set<String> done = new HashSet<>();
            visit(connection, size(connection), (scan, found, letter) -> {
                if (wanted.test(letter.message().id())) {
                    done.add(letter.message().id());
                    scan.take(found);
                }
            });
            return done.size();
        });
    }

    /** What is done with each. */
    @FunctionalInterface
    private interface Visitor {
        void visit(Scan scan, Scan.Found found, DeadLetter letter) throws IOException;
    }

    /** Goes through them from the first, up to so many: what dies meanwhile is for the next time. */
    private void visit(Connection connection, long most, Visitor visitor)
            throws IOException, TimeoutException, InterruptedException {
        try (Scan scan = Scan.of(connection, names.dead(group))) {
            long seen = 0;
            for (List<Scan.Found> some = next(scan, most); !some.isEmpty(); some = next(scan, most - seen)) {
                for (Scan.Found found : some) {
                    visitor.visit(scan, found, Burial.read(found, group, names.group(group)));
                }
                seen += some.size();
            }
        }
    }

    private static List<Scan.Found> next(Scan scan, long most)
            throws IOException, TimeoutException, InterruptedException {
        return most <= 0 ? List.of() : scan.next((int) Math.min(most, AT_ONCE));
    }

    private long size(Connection connection) throws IOException, TimeoutException, InterruptedException {
        Admin.QueueSize size = Admin.size(connection, names.dead(group));
        return size == null ? 0 : size.ready();
    }

    private <T> CompletableFuture<T> locked(String what, Admin.Work<T> work) {
        return admin.call(what + " of group " + group, connection -> {
            if (Admin.size(connection, names.dead(group)) == null) {
                throw failures.undeclared(group);
            }
            return locks.holding(connection, names.deadLock(group), work);
        });
    }
}
