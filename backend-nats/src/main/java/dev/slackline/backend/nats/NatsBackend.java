package dev.slackline.backend.nats;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Group;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Status;
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

/** A topic on a server: puts the parts together, hands each call to one of them, and closes them in order. */
final class NatsBackend implements QueueBackend {

    private static final Duration FIRST_TRY = Duration.ofSeconds(4);
    private static final Duration LEAVING = Duration.ofMillis(1_500);
    private static final Duration PUBLISHING = Duration.ofSeconds(1);
    private static final Duration TELLING = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final NatsSettings settings;
    private final Failures failures;
    private final Threads threads = new Threads();
    private final Duration firstTry;
    private final Topology topology;
    private final Link link;
    private final Registry registry;
    private final Publisher publisher;
    private final Leases leases;
    private final Members members;
    private final Groups groups;
    private final Trimming trimming;
    private final Unreadable unreadable;
    private final AtomicBoolean closed = new AtomicBoolean();

    NatsBackend(NatsSettings settings, QueueSettings queue, InstantSource clock) {
        this.settings = settings;
        this.failures = new Failures(settings);
        this.firstTry = queue.publishTimeout().compareTo(FIRST_TRY) < 0 ? queue.publishTimeout() : FIRST_TRY;
        Names names = new Names(settings.stream());
        this.topology = new Topology(names, settings, queue, failures);
        this.link = new Link(
                new Dialling(settings, failures, threads.pool(), threads.timer()), threads, failures, new User());
        this.publisher = new Publisher(names, link, failures, clock, queue, new PublishTrouble());
        this.registry = new Registry(names, failures, link::mend);
        Attempts attempts = new Attempts(names, link, publisher);
        this.leases = new Leases(names, link, publisher, attempts, threads, failures, clock, queue.lease());
        this.members = new Members(names, link, registry, leases, attempts, threads, failures);
        this.groups = new Groups(names, topology, registry, members, leases, publisher, link, threads, failures, clock);
        this.trimming = new Trimming(names, registry, groups, link, threads, clock, queue.dedupWindow());
        this.unreadable = new Unreadable(names, registry, clock);
        threads.every(LOOK, this::look);
    }

    /**
     * Connects, and waits some seconds for that.
     *
     * @throws QueueException if the server refuses for good
     */
    void start() {
        try {
            link.start().get(firstTry.toMillis(), TimeUnit.MILLISECONDS);
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
        return new NatsGroup(groups, name);
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
        QueueException trouble = link.trouble();
        if (trouble != null) {
            return Status.down("not connected: " + trouble.getMessage());
        }
        Status consuming = members.status();
        return consuming.state() == Status.State.UP ? Status.up(settings.place()) : consuming;
    }

    @Override
    public Capabilities capabilities() {
        return NatsProvider.CAPABILITIES;
    }

    @Override
    public String topic() {
        return settings.stream();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            members.end(failures.closed(), System.nanoTime() + LEAVING.toNanos());
            publisher.close(System.nanoTime() + PUBLISHING.toNanos());
            leases.abandonAll();
            link.flush();
            link.close();
            threads.close(TELLING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes out of the stream now what every group has settled and nobody needs to remember. Waits for the server. */
    void trim() {
        trimming.trim(link.session(), false);
    }

    /** What others declare and drop is seen now and then. */
    private void look() {
        if (link.trouble() == null) {
            groups.all();
        }
    }

    private final class User implements Link.User {

        @Override
        public void connected(Session session) {
            groups.restore(session, topology.prepare(session));
        }

        @Override
        public void removeUnreadable(Session session) {
            unreadable.putAside(session);
        }

        @Override
        public void lost(QueueConnectionException why) {
            members.lost(why);
        }
    }

    private final class PublishTrouble implements Publisher.Trouble {

        private static final CompletableFuture<Void> FINE = CompletableFuture.completedFuture(null);

        @Override
        public CompletableFuture<Void> requireAudience() {
            return registry.isAnyKnown() ? FINE : groups.requireAny();
        }

        @Override
        public void full() {
            trimming.makeRoom();
        }

        @Override
        public void missing() {
            link.mend();
        }
    }
}
