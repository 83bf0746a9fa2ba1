package dev.slackline.example.folder;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Settlement;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** A lease. Its token is in the name of the file: whoever comes too late finds no file of that name. */
final class FolderDelivery implements Delivery {

    private final FolderBackend backend;
    private final FolderGroup group;
    private final Message message;
    private Entry held;
    private boolean settled;

    FolderDelivery(FolderBackend backend, FolderGroup group, Entry held, Message message) {
        this.backend = backend;
        this.group = group;
        this.held = held;
        this.message = message;
    }

    @Override
    public Message message() {
        return message;
    }

    @Override
    public synchronized int attempt() {
        return held.attempt();
    }

    // [settle]
    @Override
    public CompletionStage<Settlement> ack() {
        return settle(() -> {
            boolean mine = Files.deleteIfExists(group.path(held));
            if (mine) {
                new FolderDeadLetters(backend, group).forget(held.file());
            }
            return mine;
        });
    }

    @Override
    public CompletionStage<Settlement> retry(Duration delay, String reason) {
        long due = backend.clock.instant().plus(delay).toEpochMilli();
        return settle(() -> group.move(held, new Entry(due, held.attempt() + 1, Entry.FREE, held.file())));
    }

    @Override
    public CompletionStage<Settlement> deadLetter(String reason) {
        return settle(() -> new FolderDeadLetters(backend, group).bury(held, reason));
    }

    @Override
    public CompletionStage<Settlement> release() {
        return settle(() -> group.move(held, new Entry(0, held.attempt(), Entry.FREE, held.file())));
    }

    @Override
    public CompletionStage<Boolean> renew() {
        return backend.attempt("renewing", () -> {
            synchronized (this) {
                long until = backend.clock.millis() + backend.settings.lease().toMillis();
                Entry renewed = new Entry(until, held.attempt(), held.token(), held.file());
                if (settled || !group.move(held, renewed)) {
                    return false;
                }
                held = renewed;
                return true;
            }
        });
    }

    private interface Effect {
        boolean takes() throws IOException;
    }

    /** The first settlement wins; one that finds no file is stale; one that fails may be tried again. */
    private CompletionStage<Settlement> settle(Effect effect) {
        return backend.attempt("settling", () -> {
            synchronized (this) {
                if (settled) {
                    return Settlement.ALREADY_SETTLED;
                }
                boolean took = effect.takes();
                settled = true;
                group.wake();
                return took ? Settlement.SETTLED : Settlement.STALE;
            }
        });
    }
    // [/settle]
}
