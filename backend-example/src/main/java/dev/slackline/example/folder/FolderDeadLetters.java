package dev.slackline.example.folder;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.DeadLetters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters of a group: the file of the message in {@code dead}, and why it died in {@code history}. The reason
 * is written first and under the token of the lease, so that one rename makes the death complete.
 */
final class FolderDeadLetters implements DeadLetters {

    private static final AtomicLong LAST_DEATH = new AtomicLong();

    private final FolderBackend backend;
    private final FolderGroup group;

    FolderDeadLetters(FolderBackend backend, FolderGroup group) {
        this.backend = backend;
        this.group = group;
    }

    // [bury]
    /** Makes it a dead letter, unless the lease has passed to somebody else. */
    boolean bury(Entry held, String reason) throws IOException {
        Instant now = backend.clock.instant();
        List<Death> deaths = new ArrayList<>(MessageFile.readDeaths(history(held.file())));
        deaths.add(new Death(now, held.attempt(), reason));
        Path story = history(held.file() + "_" + held.token());
        MessageFile.writeDeaths(story, deaths);
        Entry dead = new Entry(timeOfDeath(now), held.attempt(), held.token(), held.file());
        if (Folders.rename(group.path(held), dead(dead))) {
            return true;
        }
        Files.delete(story);
        return false;
    }
    // [/bury]

    /** No two of this process die in one millisecond: they are listed in the order of their deaths. */
    private static long timeOfDeath(Instant now) {
        return LAST_DEATH.updateAndGet(last -> Math.max(last + 1, now.toEpochMilli()));
    }

    /** Forgets why a message that was replayed had died before. */
    void forget(String file) throws IOException {
        Files.deleteIfExists(history(file));
    }

    @Override
    public CompletionStage<List<DeadLetter>> list(@Nullable String after, int limit) {
        return backend.attempt("listing dead letters", () -> {
            List<DeadLetter> page = new ArrayList<>();
            boolean reached = after == null;
            for (Entry entry : entries()) {
                Optional<DeadLetter> letter = read(entry);
                if (reached && page.size() < limit) {
                    letter.ifPresent(page::add);
                }
                reached |= letter.isPresent() && letter.get().message().id().equals(after);
            }
            return page;
        });
    }

    @Override
    public CompletionStage<Optional<DeadLetter>> show(String id) {
        return backend.attempt("reading a dead letter", () -> {
            for (Entry entry : entries()) {
                Optional<DeadLetter> letter = read(entry);
                if (letter.isPresent() && letter.get().message().id().equals(id)) {
                    return letter;
                }
            }
            return Optional.empty();
        });
    }

    @Override
    public CompletionStage<Integer> replay(Collection<String> ids) {
        return each("replaying", new HashSet<>(ids), this::replay);
    }

    @Override
    public CompletionStage<Integer> replayAll() {
        return each("replaying", null, this::replay);
    }

    @Override
    public CompletionStage<Integer> drop(Collection<String> ids) {
        return each("dropping", new HashSet<>(ids), this::drop);
    }

    @Override
    public CompletionStage<Integer> dropAll() {
        return each("dropping", null, this::drop);
    }

    private interface Action {
        boolean on(Entry entry) throws IOException;
    }

    private CompletionStage<Integer> each(String what, @Nullable Set<String> ids, Action action) {
        return backend.attempt(what + " dead letters", () -> {
            int done = 0;
            for (Entry entry : entries()) {
                Optional<DeadLetter> letter = read(entry);
                boolean wanted = letter.isPresent()
                        && (ids == null || ids.contains(letter.get().message().id()));
                if (wanted && action.on(entry)) {
                    done++;
                }
            }
            group.wake();
            return done;
        });
    }

    private boolean replay(Entry entry) throws IOException {
        Path story = history(entry.file() + "_" + entry.token());
        if (Files.exists(story)) { // otherwise an earlier replay was killed between the two renames
            Files.move(story, history(entry.file()), StandardCopyOption.REPLACE_EXISTING);
        }
        Entry fresh = new Entry(backend.clock.millis(), 1, Entry.FREE, entry.file());
        return Folders.rename(dead(entry), group.path(fresh));
    }

    private boolean drop(Entry entry) throws IOException {
        Files.deleteIfExists(history(entry.file() + "_" + entry.token()));
        forget(entry.file());
        return Files.deleteIfExists(dead(entry));
    }

    private List<Entry> entries() throws IOException {
        group.requireDeclared();
        return Entry.in(group.folder().resolve("dead"));
    }

    private Optional<DeadLetter> read(Entry entry) throws IOException {
        try {
            Path story = history(entry.file() + "_" + entry.token());
            List<Death> deaths = MessageFile.readDeaths(Files.exists(story) ? story : history(entry.file()));
            String name = group.folder().getFileName().toString();
            return Optional.of(new DeadLetter(MessageFile.read(dead(entry), entry), name, deaths));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }

    private Path dead(Entry entry) {
        return group.folder().resolve("dead").resolve(entry.name());
    }

    private Path history(String name) {
        return group.folder().resolve("history").resolve(name);
    }
}
