package dev.slackline.queue.memory;

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
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A topic in memory: its groups, and the ids it remembers. One lock guards everything; nothing under it blocks. */
final class MemoryBackend implements QueueBackend {

    /** How soon a due retry or an expired lease is noticed; also bounds how late a moved test clock is. */
    private static final long TICK_MILLIS = 20;

    private static final long CLOSE_SECONDS = 3;

    private final Capabilities capabilities;
    private final int maxMessages;
    private final QueueSettings settings;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, MemoryGroup> groups = new TreeMap<>();
    private final Map<String, Instant> seen = new LinkedHashMap<>();
    private final ThreadGroup threads = new ThreadGroup("slackline-memory");
    private final ExecutorService subscribers = Executors.newCachedThreadPool(task -> daemon("subscriber", task));
    private final ScheduledThreadPoolExecutor ticker =
            new ScheduledThreadPoolExecutor(1, task -> daemon("ticker", task));
    private long lastSequence;
    private volatile boolean closed; // written under the lock; status() reads it without

    MemoryBackend(Capabilities capabilities, int maxMessages, QueueSettings settings, InstantSource clock) {
        this.capabilities = capabilities;
        this.maxMessages = maxMessages;
        this.settings = settings;
        this.clock = clock;
        ticker.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public CompletionStage<Void> publish(Message message) {
        return locked(() -> {
            if (groups.isEmpty()) {
                throw refused("no group is declared, so nobody would ever get this message; declare one", false);
            }
            if (groups.values().stream().anyMatch(group -> group.waiting() >= maxMessages)) {
                throw refused(MemoryProvider.MAX_MESSAGES.name() + "=" + maxMessages + " messages are waiting", true);
            }
            if (isNew(message.id())) {
                long sequence = nextSequence();
                groups.values().forEach(group -> group.add(sequence, message));
            }
            return null;
        });
    }

    @Override
    public Flow.Publisher<Delivery> consume(String group) {
        return new PullPublisher(
                signals -> {
                    lock.lock();
                    try {
                        return declared(group).join(signals);
                    } finally {
                        lock.unlock();
                    }
                },
                subscribers);
    }

    @Override
    public Group group(String name) {
        return new MemoryGroupHandle(this, name);
    }

    @Override
    public CompletionStage<List<String>> groups() {
        return locked(() -> List.copyOf(groups.keySet()));
    }

    @Override
    public Status status() {
        return closed ? Status.down("closed") : Status.up("in memory, for tests");
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            groups.values().forEach(group -> group.end(closedException()));
        } finally {
            lock.unlock();
        }
        ticker.shutdownNow();
        subscribers.shutdown();
        if (Thread.currentThread().getThreadGroup() == threads) {
            return; // closed by a subscriber, which cannot wait for itself
        }
        try {
            subscribers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs under the lock, and turns what it throws into a failed stage. */
    <T extends @Nullable Object> CompletionStage<T> locked(Supplier<T> work) {
        lock.lock();
        try {
            if (closed) {
                return CompletableFuture.failedStage(closedException());
            }
            return CompletableFuture.completedStage(work.get());
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        } finally {
            lock.unlock();
        }
    }

    /** The declared group of this name; the lock is held. */
    MemoryGroup declared(String name) {
        MemoryGroup group = groups.get(name);
        if (closed) {
            throw closedException();
        }
        if (group == null) {
            throw new ConsumeException(
                    "the group '" + name + "' is not declared", capabilities.backend(), topic(), false, null);
        }
        return group;
    }

    /** Makes the group exist; the lock is held. */
    void declare(String name) {
        if (groups.containsKey(name)) {
            return;
        }
        MemoryGroup created = new MemoryGroup(name, settings.lease(), clock, this);
        if (settings.groupStart() == QueueSettings.Start.EARLIEST) {
            Map<Long, Message> held = new TreeMap<>();
            groups.values().forEach(group -> group.collect(held));
            held.forEach(created::add);
        }
        groups.put(name, created);
    }

    /** Forgets the group; the lock is held. */
    void drop(String name) {
        MemoryGroup dropped = groups.remove(name);
        if (dropped != null) {
            dropped.end(new ConsumeException(
                    "the group '" + name + "' was dropped", capabilities.backend(), topic(), false, null));
        }
    }

    /** The place of one more message in the topic; the lock is held. */
    long nextSequence() {
        return ++lastSequence;
    }

    private boolean isNew(String id) {
        Instant now = clock.instant();
        Instant oldest = now.minus(settings.dedupWindow());
        Iterator<Instant> times = seen.values().iterator();
        while (times.hasNext() && !times.next().isAfter(oldest)) {
            times.remove();
        }
        return seen.putIfAbsent(id, now) == null;
    }

    private void tick() {
        lock.lock();
        try {
            groups.values().forEach(MemoryGroup::wakeIfDue);
        } finally {
            lock.unlock();
        }
    }

    private PublishException refused(String why, boolean retryable) {
        return new PublishException(
                "not stored: " + why + " (backend memory, topic " + topic() + ")",
                capabilities.backend(),
                topic(),
                retryable,
                null);
    }

    private QueueClosedException closedException() {
        return new QueueClosedException(capabilities.backend(), topic());
    }

    private Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(threads, task, "slackline-memory-" + name);
        thread.setDaemon(true);
        return thread;
    }
}
