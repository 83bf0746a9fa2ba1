package dev.slackline.backend.rabbitmq;

import com.rabbitmq.client.Connection;
import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Group;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Status;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** A topic on a broker: puts the parts together, hands each call to one of them, and closes them in order. */
final class RabbitMqBackend implements QueueBackend {

    private static final Duration FIRST_TRY = Duration.ofSeconds(4);
    private static final Duration LEAVING = Duration.ofMillis(1_500);
    private static final Duration PUBLISHING = Duration.ofMillis(1_500);
    private static final Duration TELLING = Duration.ofSeconds(1);

    private final Capabilities capabilities;
    private final RabbitMqSettings settings;
    private final Failures failures;
    private final Threads threads = new Threads();
    private final Duration firstTry;
    private final Link link;
    private final Publisher publisher;
    private final Members members;
    private final Groups groups;
    private final AtomicBoolean closed = new AtomicBoolean();

    RabbitMqBackend(
            Capabilities capabilities,
            RabbitMqSettings settings,
            QueueSettings queue,
            InstantSource clock,
            Duration youth) {
        this.capabilities = capabilities;
        this.settings = settings;
        this.failures = new Failures(settings);
        this.firstTry = queue.publishTimeout().compareTo(FIRST_TRY) < 0 ? queue.publishTimeout() : FIRST_TRY;
        Dialling dialling = Dialling.by(settings);
        Topology topology = new Topology(new Names(settings.exchange()));
        Supplier<CompletableFuture<Void>> grownUp = () -> threads.after(youth);
        this.publisher = new Publisher(dialling, topology, threads, failures, queue.publishTimeout(), this::bindAgain);
        this.link = new Link("consume", dialling, threads, failures, new Consuming());
        Admin admin = new Admin(link, threads, failures);
        Locks locks = new Locks(failures);
        Registry registry = new Registry(topology, locks, publisher);
        Retries retries = new Retries(topology, registry, publisher, admin, grownUp);
        this.members =
                new Members(topology.names(), link, publisher, retries, threads, failures, clock, queue, settings);
        this.groups =
                new Groups(topology, registry, retries, members, locks, publisher, admin, failures, clock, grownUp);
    }

    /**
     * Connects, and waits some seconds for that.
     *
     * @throws QueueException if the broker refuses for good
     */
    void start() {
        link.connection();
        try {
            publisher.start().get(firstTry.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof QueueException refusal && !refusal.retryable()) {
                throw refusal;
            }
        } catch (TimeoutException e) {
            // it goes on trying
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public CompletionStage<Void> publish(Message message) {
        return publisher.publish(message);
    }

    @Override
    public Flow.Publisher<Delivery> consume(String group) {
        return members.of(group, closed::get);
    }

    @Override
    public Group group(String name) {
        return new RabbitMqGroup(groups, name);
    }

    @Override
    public CompletionStage<List<String>> groups() {
        return groups.all();
    }

    @Override
    public CompletionStage<Void> dropTopic() {
        return groups.dropTopic();
    }

    @Override
    public Status status() {
        if (closed.get()) {
            return Status.down("closed");
        }
        Status publishing = publisher.status();
        if (publishing.state() != Status.State.UP) {
            return publishing;
        }
        QueueConnectionException trouble = link.trouble();
        if (trouble != null) {
            return Status.down("not connected for consuming: " + trouble.getMessage());
        }
        Status consuming = members.status();
        return consuming.state() == Status.State.UP ? Status.up(settings.place()) : consuming;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public String topic() {
        return settings.exchange();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            members.end(failures.closed(), System.nanoTime() + LEAVING.toNanos());
            publisher.close(System.nanoTime() + PUBLISHING.toNanos());
            link.close();
            threads.close(TELLING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void bindAgain() {
        groups.bindAgain();
    }

    /** Told of the connection for consuming. */
    private final class Consuming implements Link.User {

        @Override
        public void connected(Connection connection) throws IOException, TimeoutException {
            try {
                groups.restore(connection);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void lost(QueueConnectionException why) {
            members.lost(why);
        }
    }
}
