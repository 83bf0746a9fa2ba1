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
            acquire(connection, name);
            try {
                return work.with(connection);
            } finally {
                release(connection, name);
            }
        } finally {
            lock.unlock();
        }
    }

    private void acquire(Connection connection, String name)
            throws IOException, TimeoutException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (long pause = 1; !tryAcquire(connection, name); pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            if (System.nanoTime() - deadline >= 0) {
                throw busy(name);
            }
            TimeUnit.MILLISECONDS.sleep(pause);
        }
    }

    private static boolean tryAcquire(Connection connection, String name)
            throws IOException, TimeoutException, InterruptedException {
        return Admin.onChannel(connection, channel -> {
            try {
                channel.queueDeclare(name, false, true, false, Map.of("x-queue-type", "classic"));
                return true;
            } catch (IOException e) {
                if (Failures.locked(e)) {
                    return false;
                }
                throw e;
            }
        });
    }

    private static void release(Connection connection, String name)
            throws IOException, TimeoutException, InterruptedException {
        if (connection.isOpen()) {
            Admin.<@Nullable Void>onChannel(connection, channel -> delete(channel, name));
        }
    }

    private static @Nullable Void delete(Channel channel, String name) throws IOException {
        channel.queueDelete(name);
        return null;
    }

    private RuntimeException busy(String name) {
        return failures.consume("another process has held the lock " + name + " for too long", true, null);
    }
}
