package dev.slackline.backend.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Locks between all processes of a topic. RabbitMQ has none, but lets one connection alone use an exclusive queue, and
 * deletes that queue when the connection ends, however it ends. Thread-safe.
 */
final class Locks {

    static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long LONGEST_PAUSE_MILLIS = 40;

    private final Failures failures;
    /** Threads of this process share the connection, and so the exclusive queue. */
    private final Map<String, ReentrantLock> here = new ConcurrentHashMap<>();

    Locks(Failures failures) {
        this.failures = failures;
    }

    /** Does something while nobody else holds the lock of this name. */
    <T extends @Nullable Object> T holding(Connection connection, String name, Admin.Work<T> work)
            throws IOException, TimeoutException, InterruptedException {
        ReentrantLock lock = here.computeIfAbsent(name, unused -> new ReentrantLock());
        if (!lock.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw busy(name);
        }
        try {
            Channel owner = acquire(connection, name);
            try {
                return work.with(connection);
            } finally {
                release(owner, name);
            }
        } finally {
            lock.unlock();
        }
    }

    private Channel acquire(Connection connection, String name) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (long pause = 1; deadline - System.nanoTime() > 0; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            Channel channel = Topology.open(connection);
            try {
                channel.queueDeclare(name, false, true, false, Map.of("x-queue-type", "classic"));
                return channel;
            } catch (IOException e) { // it has closed the channel
                if (!Failures.locked(e)) {
                    throw e;
                }
            }
            TimeUnit.MILLISECONDS.sleep(pause);
        }
        throw busy(name);
    }

    private static void release(Channel owner, String name) throws IOException {
        if (owner.isOpen()) { // else its connection is gone, and the lock with it
            owner.queueDelete(name);
            Admin.closeQuietly(owner);
        }
    }

    private RuntimeException busy(String name) {
        return failures.consume("another process has held the lock " + name + " for too long", true, null);
    }
}
