package dev.slackline.backend.kafka;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.QueueException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * The members of one group in this process, and the thread that polls for them. It always polls, whatever handlers do, so
 * that nobody is ever taken for dead because of a slow one: what nobody asks for is not read further, and goes to another
 * process if one is hungry.
 */
final class GroupConsumer implements Runnable {

    /** Kafka's newer consumer tells of a commit not before its poll has ended. */
    private static final Duration ANSWER = Duration.ofMillis(2);

    private static final Duration BUSY = Duration.ofMillis(25);
    private static final Duration IDLE = Duration.ofMillis(250);
    private static final Duration EXPIRY = Duration.ofMillis(20);
    private static final Duration LAZY_COMMIT = Duration.ofSeconds(1);
    private static final Duration JOINING = Duration.ofSeconds(10);

    private final Members services;
    private final String group;
    private final Holdings holdings;
    private final Sharing sharing;
    private final @Nullable ShareReader shares;
    private final List<KafkaMember> members = new CopyOnWriteArrayList<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile @Nullable Consumer<byte[], byte[]> consumer;
    private volatile @Nullable Thread thread;
    private volatile boolean over;
    private volatile boolean closing;
    private volatile long joinedNanos = System.nanoTime();
    private volatile boolean assigned;
    private volatile boolean committing;
    private boolean subscribed;
    private long expiredNanos;
    private long committedNanos = System.nanoTime();

    GroupConsumer(Members services, String group) {
        this.services = services;
        this.group = group;
        this.holdings = new Holdings(group, this, !services.isShared());
        this.sharing = new Sharing(services, group);
        this.shares = services.isShared() ? new ShareReader(this) : null;
    }

    Members services() {
        return services;
    }

    String group() {
        return group;
    }

    Holdings holdings() {
        return holdings;
    }

    // --- members, on any thread

    /** Takes a member in. @return false if it is too late for that */
    synchronized boolean join(KafkaMember member) {
        if (over) {
            return false;
        }
        members.add(member);
        if (!member.join(this)) {
            members.remove(member);
        } else if (thread == null) {
            thread = services.threads().start(group, this);
            if (shares != null) {
                shares.start();
            }
        }
        wake();
        return true;
    }

    synchronized void leave(KafkaMember member) {
        members.remove(member);
        if (members.isEmpty()) {
            over = true;
            services.left(this);
        }
        wake();
        offer(); // another member may have slept through what this one was woken for
    }

    List<Delivery> take(int max) {
        List<Delivery> taken = holdings.take(max, services.leaseEndMillis());
        if (shares != null && taken.size() < max) {
            shares.wake();
        }
        if (sharing.isRead(holdings.ready())) {
            wake();
        }
        return taken;
    }

    int members() {
        return members.size();
    }

    boolean isAsked() {
        return members.stream().anyMatch(KafkaMember::isAsking);
    }

    /**
     * Something was settled or given back. What is settled while a commit is under way is committed when that is done.
     *
     * @param more whether there is more to have than before
     */
    void settled(boolean more) {
        if (more) {
            offer();
        }
        if (!committing) {
            wake();
        } else if (shares != null) {
            shares.wake();
        }
    }

    /** A commit has begun, or is done. */
    void committing(boolean begun) {
        committing = begun;
        if (!begun && holdings.isDirty()) {
            wake();
        }
    }

    void offer() {
        if (holdings.ready() > 0) {
            members.forEach(KafkaMember::offer);
        }
    }

    /** Ends every stream. */
    void fail(QueueException why) {
        members.forEach(member -> member.fail(why));
    }

    /** The backend is being closed: what is handed out cannot be settled any more. */
    void close(QueueException why) {
        closing = true;
        fail(why);
    }

    /** It cannot go on. */
    void end(QueueException why) {
        synchronized (this) {
            over = true;
        }
        services.left(this);
        fail(why);
        wake();
    }

    boolean isOver() {
        return over;
    }

    boolean isClosing() {
        return closing;
    }

    /** Whether others shall have what nobody asks for here. */
    boolean isYielding() {
        return sharing.isOut();
    }

    /** Whether its threads have ended, or never began. */
    boolean hasEnded() {
        Thread running = thread;
        return over && (running == null || !running.isAlive()) && (shares == null || !shares.isAlive());
    }

    /** Why nothing comes although somebody asks; null when all is well. */
    @Nullable
    String problem() {
        return subscribed && !assigned && System.nanoTime() - joinedNanos > JOINING.toNanos()
                ? "connected, but the group " + group + " does not let us join it"
                : null;
    }

    void heard(Note note) {
        if (holdings.heard(note, services.nowMillis())) {
            offer();
            wake();
        }
        if (sharing.heard(note, this)) {
            wake();
        }
    }

    void wake() {
        if (!woken.getAndSet(true)) {
            Consumer<byte[], byte[]> polling = consumer;
            if (polling != null && subscribed) {
                polling.wakeup();
            }
            LockSupport.unpark(thread);
        }
        if (shares != null) {
            shares.wake();
        }
    }

    // --- the thread

    @Override
    public void run() {
        Consumer<byte[], byte[]> open = null;
        try {
            open = new KafkaConsumer<>(services.consumerSettings(group));
            consumer = open;
            Ownership ownership = new Ownership(this, open);
            while (!over) {
                step(open, ownership);
            }
            ownership.leave(closing);
        } catch (KafkaException | IllegalStateException e) {
            lose(services.broken(group, e));
        } finally {
            consumer = null;
            lose(services.failures().consume("consuming group " + group + " has ended", true, null));
            Clerk.close(open);
        }
    }

    private void step(Consumer<byte[], byte[]> open, Ownership ownership) {
        woken.set(false);
        if (System.nanoTime() - expiredNanos > EXPIRY.toNanos()) {
            expiredNanos = System.nanoTime();
            if (holdings.expire(services.nowMillis(), Members.GRACE_MILLIS)) {
                offer();
            }
        }
        boolean wanted = sharing.isWanted(this);
        if (wanted && !subscribed) {
            subscribed = true;
            assigned = false;
            joinedNanos = System.nanoTime();
            open.subscribe(List.of(services.topic()), ownership);
        } else if (!wanted && subscribed) {
            ownership.leave(false);
            subscribed = false;
        }
        if (!subscribed) {
            if (!woken.get()) {
                LockSupport.parkNanos(BUSY.toNanos());
            }
            return;
        }
        boolean lazily = System.nanoTime() - committedNanos > LAZY_COMMIT.toNanos();
        if (ownership.commit(lazily)) {
            committedNanos = System.nanoTime();
        }
        pause(open);
        poll(open, ownership);
    }

    private void pause(Consumer<byte[], byte[]> open) {
        Set<org.apache.kafka.common.TopicPartition> full = sharing.full(holdings);
        Set<org.apache.kafka.common.TopicPartition> paused = open.paused();
        if (!full.equals(paused)) {
            Set<org.apache.kafka.common.TopicPartition> mine = open.assignment();
            open.resume(paused.stream().filter(p -> !full.contains(p)).toList());
            open.pause(full.stream().filter(mine::contains).toList());
        }
    }

    private void poll(Consumer<byte[], byte[]> open, Ownership ownership) {
        Duration patience = woken.get() ? Duration.ZERO : committing ? ANSWER : isBusy() ? BUSY : IDLE;
        try {
            Reading.read(open, patience, ownership, holdings, services);
        } catch (WakeupException e) {
            // there is something to do; what had come by then is kept
        }
        offer();
    }

    private boolean isBusy() {
        return holdings.isTimed() || holdings.ready() > 0 || !assigned;
    }

    void assigned() {
        assigned = true;
    }

    private void lose(QueueException why) {
        synchronized (this) {
            over = true;
        }
        services.left(this);
        List<Origin.Waiting> waiting = holdings.disown(holdings.partitions(), false);
        waiting.forEach(one -> one.delivery().committed(one.told(), why));
        services.threads().tell();
        fail(why);
    }

    /** Waits for the end of its thread. */
    void awaitEnd(long deadlineNanos) throws InterruptedException {
        Thread running = thread;
        long left = deadlineNanos - System.nanoTime();
        if (running != null && running != Thread.currentThread() && left > 0) {
            TimeUnit.NANOSECONDS.timedJoin(running, left);
        }
        if (shares != null) {
            shares.awaitEnd(deadlineNanos);
        }
    }

    static Collection<String> names(Collection<org.apache.kafka.common.TopicPartition> partitions) {
        return partitions.stream().map(Object::toString).toList();
    }
}
