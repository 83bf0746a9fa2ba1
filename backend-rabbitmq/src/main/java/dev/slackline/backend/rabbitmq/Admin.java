package dev.slackline.backend.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Asks things of the broker, each on a channel of its own, which a refusal closes. Thread-safe. */
final class Admin {

    /** What is asked. May block. */
    @FunctionalInterface
    interface Work<T extends @Nullable Object> {
        T with(Connection connection) throws IOException, TimeoutException, InterruptedException;
    }

    /** What is asked on one channel. */
    @FunctionalInterface
    interface ChannelWork<T extends @Nullable Object> {
        T with(Channel channel) throws IOException, TimeoutException, InterruptedException;
    }

    private static final int SIZE_TRIES = 3;

    private final Link link;
    private final Threads threads;
    private final Failures failures;

    Admin(Link link, Threads threads, Failures failures) {
        this.link = link;
        this.threads = threads;
        this.failures = failures;
    }

    /** Does it on a thread of ours as soon as there is a connection. */
    <T extends @Nullable Object> CompletableFuture<T> call(String what, Work<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        link.connection().whenComplete((connection, error) -> {
            if (error != null) {
                result.completeExceptionally(error);
                return;
            }
            try {
                threads.execute(() -> run(what, work, connection, result));
            } catch (RejectedExecutionException e) {
                result.completeExceptionally(failures.closed());
            }
        });
        return result;
    }

    private <T extends @Nullable Object> void run(
            String what, Work<T> work, Connection connection, CompletableFuture<T> result) {
        T done;
        try {
            done = work.with(connection);
        } catch (CompletionException e) {
            result.completeExceptionally(failures.asked(what, e.getCause() == null ? e : e.getCause()));
            return;
        } catch (IOException | TimeoutException | RuntimeException e) {
            result.completeExceptionally(failures.asked(what, e));
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            result.completeExceptionally(failures.closed());
            return;
        }
        result.complete(done);
    }

    /** Does it on a channel that is closed afterwards, also by a refusal. */
    static <T extends @Nullable Object> T onChannel(Connection connection, ChannelWork<T> work)
            throws IOException, TimeoutException, InterruptedException {
        Channel channel = Topology.open(connection);
        try {
            return work.with(channel);
        } finally {
            closeQuietly(channel);
        }
    }

    static void closeQuietly(Channel channel) {
        try {
            if (channel.isOpen()) {
                channel.close();
            }
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            // closed by the broker, or with its connection
        }
    }

    /** Whether the queue exists, and how much is in it. */
    static @Nullable QueueSize size(Connection connection, String queue)
            throws IOException, TimeoutException, InterruptedException {
        return sizes(connection, List.of(queue)).get(queue);
    }

    /** Which of these queues exist, and how much is in each. */
    static Map<String, QueueSize> sizes(Connection connection, Collection<String> queues)
            throws IOException, TimeoutException, InterruptedException {
        Map<String, QueueSize> sizes = new HashMap<>();
        Deque<String> left = new ArrayDeque<>(queues);
        while (!left.isEmpty()) {
            Admin.<@Nullable Void>onChannel(connection, channel -> {
                askFor(left, sizes, channel);
                return null;
            });
        }
        return sizes;
    }

    /** Until one is missing, which closes the channel. */
    private static void askFor(Deque<String> left, Map<String, QueueSize> sizes, Channel channel) throws IOException {
        while (!left.isEmpty()) {
            String queue = left.remove();
            try {
                sizes.put(queue, size(channel, queue));
            } catch (IOException e) {
                if (Failures.notFound(e)) {
                    return;
                }
                throw e;
            }
        }
    }

    /**
     * How much is in a queue that exists. A quorum queue that has no answer within a quarter of a second counts as zero of
     * both; that is asked again.
     */
    static QueueSize size(Channel channel, String queue) throws IOException {
        QueueSize size = QueueSize.EMPTY;
        for (int i = 0; i < SIZE_TRIES && size.equals(QueueSize.EMPTY); i++) {
            AMQP.Queue.DeclareOk found = channel.queueDeclarePassive(queue);
            size = new QueueSize(found.getMessageCount(), found.getConsumerCount());
        }
        return size;
    }

    /** How much is ready in a queue, and how many consume it. */
    record QueueSize(long ready, int consumers) {

        static final QueueSize EMPTY = new QueueSize(0, 0);
    }
}
