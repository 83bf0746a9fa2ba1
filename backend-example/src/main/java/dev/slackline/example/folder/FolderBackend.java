package dev.slackline.example.folder;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.ConsumeException;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Group;
import dev.slackline.queue.Message;
import dev.slackline.queue.PublishException;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueClosedException;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Status;
import dev.slackline.queue.spi.PullPublisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A topic in a folder, which any number of processes may share. Calls do their work at once, on the caller's thread. */
final class FolderBackend implements QueueBackend {

    /** How soon a message of another process, or one that is due again, is noticed. */
    private static final long TICK_MILLIS = 20;

    private static final long CLOSE_SECONDS = 3;

    final Folders folders;
    final QueueSettings settings;
    final InstantSource clock;
    private final Map<String, FolderGroup> groups = new ConcurrentHashMap<>();
    private final ThreadGroup threads = new ThreadGroup("folder");
    private final ExecutorService subscribers = Executors.newCachedThreadPool(this::daemon);
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(this::daemon);
    private volatile boolean closed;

    FolderBackend(Folders folders, QueueSettings settings, InstantSource clock) {
        this.folders = folders;
        this.settings = settings;
        this.clock = clock;
        ticker.scheduleWithFixedDelay(
                () -> groups.values().forEach(FolderGroup::wake), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    // [publish]
    @Override
    public CompletionStage<Void> publish(Message message) {
        if (closed) {
            return CompletableFuture.failedStage(closedException());
        }
        try {
            List<String> declared = folders.groups();
            if (declared.isEmpty()) {
                throw new PublishException(
                        "not stored: no group is declared, so nobody would ever get this message",
                        "folder",
                        topic(),
                        false,
                        null);
            }
            Path whole = folders.temporary();
            MessageFile.write(whole, message);
            String name = Entry.create(clock.millis()).name();
            for (String group : declared) {
                Folders.link(whole, folders.group(group).resolve("waiting").resolve(name));
            }
            Files.delete(whole);
            declared.forEach(group -> state(group).wake());
            return CompletableFuture.completedStage(null);
        } catch (IOException e) {
            return CompletableFuture.failedStage(
                    new PublishException("not stored in " + topic() + ": " + e, "folder", topic(), true, e));
        } catch (PublishException refused) {
            return CompletableFuture.failedStage(refused);
        }
    }
    // [/publish]

    // [consume]
    @Override
    public Flow.Publisher<Delivery> consume(String group) {
        return new PullPublisher(signals -> state(group).join(signals), subscribers);
    }
    // [/consume]

    @Override
    public Group group(String name) {
        return state(name);
    }

    private FolderGroup state(String name) {
        return groups.computeIfAbsent(name, unused -> new FolderGroup(this, name));
    }

    @Override
    public CompletionStage<List<String>> groups() {
        return attempt("listing the groups", folders::groups);
    }

    @Override
    public Status status() {
        if (closed) {
            return Status.down("closed");
        }
        return Files.isWritable(folders.root()) ? Status.up("") : Status.down(topic() + " cannot be written to");
    }

    @Override
    public Capabilities capabilities() {
        return FolderProvider.CAPABILITIES;
    }

    @Override
    public String topic() {
        return folders.root().toString();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        groups.values().forEach(group -> group.end(closedException()));
        ticker.shutdownNow();
        subscribers.shutdown();
        if (Thread.currentThread().getThreadGroup() != threads) { // a subscriber that closes cannot wait for itself
            try {
                subscribers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Does it now, and turns what it throws into a failed stage that may be tried again. */
    <T extends @Nullable Object> CompletionStage<T> attempt(String what, Callable<T> work) {
        if (closed) {
            return CompletableFuture.failedStage(closedException());
        }
        try {
            return CompletableFuture.completedStage(work.call());
        } catch (ConsumeException e) {
            return CompletableFuture.failedStage(e);
        } catch (Exception e) {
            return CompletableFuture.failedStage(
                    new ConsumeException(what + " failed in " + topic() + ": " + e, "folder", topic(), true, e));
        }
    }

    QueueClosedException closedException() {
        return new QueueClosedException("folder", topic());
    }

    private Thread daemon(Runnable task) {
        Thread thread = new Thread(threads, task, "folder");
        thread.setDaemon(true);
        return thread;
    }
}
