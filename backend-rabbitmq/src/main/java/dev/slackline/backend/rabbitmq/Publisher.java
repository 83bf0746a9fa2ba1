package dev.slackline.backend.rabbitmq;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Publishes from a thread and over a connection of its own: a broker that is out of memory or disk stops reading from
 * whoever publishes, and must not stop whoever acknowledges. Thread-safe; returns at once.
 */
final class Publisher implements Link.User, Runnable {

    private static final int AT_ONCE = 256;
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Names names;
    private final Topology topology;
    private final Threads threads;
    private final Failures failures;
    private final Duration patience;
    private final Runnable newExchange;
    private final Link link;
    private final BlockingQueue<Publish> waiting = new LinkedBlockingQueue<>();
    private final Thread thread;

    private volatile @Nullable PublishChannel channel;
    private volatile @Nullable String blocked;
    private volatile boolean closed;
    private final AtomicInteger unfinished = new AtomicInteger();

    /**
     * Prepares it.
     *
     * @param patience how long anybody waits for a publish
     * @param newExchange run when the exchange was not there and had to be made: no group is bound to it
     */
    Publisher(
            Dialling dialling,
            Topology topology,
            Threads threads,
            Failures failures,
            Duration patience,
            Runnable newExchange) {
        this.names = topology.names();
        this.topology = topology;
        this.threads = threads;
        this.failures = failures;
        this.patience = patience;
        this.newExchange = newExchange;
        this.link = new Link("publish", dialling, threads, failures, this);
        this.thread = threads.factory().newThread(this);
    }

    /** Begins to connect. */
    CompletableFuture<Connection> start() {
        thread.start();
        threads.every(LOOK, this::giveUpLate);
        return link.connection();
    }

    /** Publishes to every group. Completes when the broker has confirmed it. */
    CompletableFuture<Void> publish(Message message) {
        return submit(names.exchange(), message.key(), Wire.pack(message));
    }

    /** Puts a message with its history straight into one queue. Completes when the broker has confirmed it. */
    CompletableFuture<Void> put(String queue, Story story) {
        return put(queue, Wire.packForQueue(story));
    }

    /** Puts something that is no message of the topic into one queue. Completes when the broker has confirmed it. */
    CompletableFuture<Void> put(String queue, Wire.Packed packed) {
        return submit("", queue, packed);
    }

    private CompletableFuture<Void> submit(String exchange, String routingKey, Wire.Packed packed) {
        if (closed) {
            return CompletableFuture.failedFuture(failures.closed());
        }
        Publish publish = new Publish(exchange, routingKey, packed, System.nanoTime() + patience.toNanos());
        unfinished.incrementAndGet();
        publish.result.whenComplete((stored, error) -> unfinished.decrementAndGet());
        waiting.add(publish);
        if (closed && waiting.remove(publish)) { // it has come too late to be seen by close()
            fail(publish, failures.closed());
            threads.tell();
        }
        return publish.result;
    }

    Status status() {
        QueueConnectionException trouble = link.trouble();
        if (trouble != null) {
            return Status.down("not connected: " + trouble.getMessage());
        }
        String why = blocked;
        if (why != null) {
            return Status.down("the broker takes no messages (" + why
                    + "); free memory or disk there. What is published waits until its time is up");
        }
        return channel == null ? Status.down("connecting") : Status.up("connected");
    }

    @Override
    public void connected(Connection connection) throws IOException, TimeoutException {
        boolean isNew = !topology.hasExchange(connection);
        topology.prepare(connection);
        if (isNew) {
            newExchange.run();
        }
        blocked = null;
        connection.addBlockedListener(reason -> blocked = reason, () -> blocked = null);
        PublishChannel made = new PublishChannel(connection, threads, failures);
        made.channel().addShutdownListener(signal -> {
            if (connection.isOpen() && !closed) { // the exchange is gone, or we may not write to it any more
                link.abandon(connection, signal);
            }
        });
        channel = made;
    }

    @Override
    public void lost(QueueConnectionException why) {
        PublishChannel gone = channel;
        channel = null;
        blocked = null;
        if (gone != null) {
            gone.end(why);
        }
    }

    /** Takes what waits, and sends it. */
    @Override
    public void run() {
        List<Publish> batch = new ArrayList<>(AT_ONCE);
        while (!closed) {
            try {
                Publish first = waiting.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    waiting.drainTo(batch, AT_ONCE - 1);
                    batch.forEach(this::send);
                    batch.clear();
                    sendAll();
                    threads.tell();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void send(Publish publish) {
        try {
            PublishChannel open = channel();
            if (blocked != null) {
                sendAll();
            }
            while (blocked != null && open == channel && !closed && !publish.isLate()) {
                TimeUnit.NANOSECONDS.sleep(LOOK.toNanos() / 10);
            }
            if (publish.isLate()) {
                fail(publish, failures.publish("the broker does not take it in time", true, null));
            } else {
                send(publish, open);
            }
        } catch (QueueException e) {
            fail(publish, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(publish, failures.closed());
        }
    }

    private void send(Publish publish, PublishChannel open) {
        try {
            open.send(publish);
        } catch (IOException | ShutdownSignalException e) {
            link.abandon(open.connection(), e); // ends the channel, and with it this one
        } catch (IllegalArgumentException e) { // the library has counted a message that it did not send
            fail(publish, failures.publish("its headers are too large for this broker: " + e.getMessage(), false, e));
            link.abandon(open.connection(), e);
        }
    }

    private void sendAll() {
        PublishChannel open = channel;
        if (open == null) {
            return;
        }
        try {
            open.sendAll();
        } catch (IOException e) {
            link.abandon(open.connection(), e);
        }
    }

    private PublishChannel channel() {
        PublishChannel open = channel;
        if (open != null) {
            return open;
        }
        try {
            link.connection().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof QueueException known ? known : failures.connection(e);
        }
        open = channel;
        if (open == null) {
            throw failures.connection("the connection was lost", true, null);
        }
        return open;
    }

    /**
     * Nobody waits for these any more; without this they would pile up as long as the broker takes none: because of an
     * alarm, or because it stops reading while a queue has no majority, which no notice tells of.
     */
    private void giveUpLate() {
        for (Publish oldest = waiting.peek(); oldest != null && oldest.isLate(); oldest = waiting.peek()) {
            if (waiting.remove(oldest)) { // else it is being sent
                fail(oldest, failures.publish("the broker does not take it in time", true, null));
            }
        }
        threads.tell();
    }

    private void fail(Publish publish, QueueException why) {
        threads.addResult(publish.failed(why));
    }

    /** Waits for what was accepted, then ends. */
    void close(long deadlineNanos) throws InterruptedException {
        while (unfinished.get() > 0 && deadlineNanos - System.nanoTime() > 0) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        closed = true;
        link.close();
        thread.interrupt();
        PublishChannel last = channel;
        channel = null;
        if (last != null) {
            last.end(failures.closed());
        }
        List<Publish> rest = new ArrayList<>();
        waiting.drainTo(rest);
        rest.forEach(publish -> fail(publish, failures.closed()));
        threads.tell();
    }
}
