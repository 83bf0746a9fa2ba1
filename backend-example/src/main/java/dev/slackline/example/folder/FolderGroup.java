package dev.slackline.example.folder;

import dev.slackline.queue.ConsumeException;
import dev.slackline.queue.DeadLetters;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Group;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.spi.PullPublisher.Member;
import dev.slackline.queue.spi.PullPublisher.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One group: its folder, and the members it has in this process. */
final class FolderGroup implements Group {

    private final FolderBackend backend;
    private final String name;
    private final Path waiting;
    private final Set<Signals> members = ConcurrentHashMap.newKeySet();
    private volatile Instant unconsumedSince;

    /** Guarded by this: what the folder held when it was last looked at, and was not tried yet. */
    private final Queue<Entry> known = new ArrayDeque<>();

    FolderGroup(FolderBackend backend, String name) {
        this.backend = backend;
        this.name = name;
        this.waiting = folder().resolve("waiting");
        this.unconsumedSince = backend.clock.instant();
    }

    Path folder() {
        return backend.folders.group(name);
    }

    // [take]
    /** Lends what is due: a rename that only one of all processes can win. */
    private synchronized List<Delivery> take(int max) throws IOException {
        requireDeclared();
        long now = backend.clock.millis();
        if (known.isEmpty()) {
            known.addAll(Entry.in(waiting));
        }
        List<Delivery> taken = new ArrayList<>();
        while (taken.size() < max && !known.isEmpty()) {
            Entry entry = known.remove();
            if (entry.due() > now) {
                known.clear(); // those that follow are due later still
            } else {
                Entry leased = entry.leased(now + backend.settings.lease().toMillis());
                if (move(entry, leased)) {
                    taken.add(new FolderDelivery(backend, this, leased, MessageFile.read(path(leased), leased)));
                }
            }
        }
        return taken;
    }
    // [/take]

    Path path(Entry entry) {
        return waiting.resolve(entry.name());
    }

    /** Gives it another name, unless somebody else has it or has settled it. */
    boolean move(Entry from, Entry to) throws IOException {
        return Folders.rename(path(from), path(to));
    }

    // [join]
    Member join(Signals signals) {
        requireDeclared();
        members.add(signals);
        return new Member() {
            @Override
            public CompletionStage<List<Delivery>> fetch(int max) {
                return backend.attempt("fetching", () -> take(max));
            }

            @Override
            public void leave() {
                members.remove(signals);
                unconsumedSince = backend.clock.instant();
                wake(); // another member may have slept through what this one was woken for
            }
        };
    }
    // [/join]

    void wake() {
        members.forEach(Signals::wake);
    }

    void end(RuntimeException cause) {
        members.forEach(member -> member.fail(cause));
    }

    void requireDeclared() {
        if (!Files.isDirectory(waiting)) {
            throw new ConsumeException(
                    "the group '" + name + "' is not declared", "folder", backend.topic(), false, null);
        }
    }

    @Override
    public CompletionStage<Void> declare() {
        return backend.attempt("declaring a group", () -> {
            backend.folders.declare(name);
            return null;
        });
    }

    @Override
    public CompletionStage<Void> drop() {
        return backend.attempt("dropping a group", () -> {
            backend.folders.drop(name);
            wake(); // its members find that it is gone
            return null;
        });
    }

    @Override
    public CompletionStage<GroupStats> stats() {
        return backend.attempt("counting", () -> {
            requireDeclared();
            Instant now = backend.clock.instant();
            List<Entry> entries = Entry.in(waiting);
            long free = entries.stream().filter(Entry::isFree).count();
            long delayed = entries.stream()
                    .filter(entry -> entry.isFree() && entry.due() > now.toEpochMilli())
                    .count();
            return new GroupStats(
                    free - delayed,
                    entries.size() - free,
                    delayed,
                    Entry.in(folder().resolve("dead")).size(),
                    oldestAge(entries, now),
                    members.size(),
                    members.isEmpty() ? unconsumedSince : null);
        });
    }

    private @Nullable Duration oldestAge(List<Entry> entries, Instant now) throws IOException {
        for (Entry entry : entries.stream()
                .sorted((a, b) -> a.file().compareTo(b.file()))
                .limit(1)
                .toList()) {
            return Duration.between(MessageFile.read(path(entry), entry).publishedAt(), now);
        }
        return null;
    }

    @Override
    public DeadLetters deadLetters() {
        return new FolderDeadLetters(backend, this);
    }
}
