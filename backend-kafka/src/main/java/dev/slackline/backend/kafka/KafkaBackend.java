package dev.slackline.backend.kafka;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Group;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueBackend;
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
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A topic on a cluster: puts the parts together, hands each call to one of them, and closes them in order. */
final class KafkaBackend implements QueueBackend {

    private static final Duration FIRST_TRY = Duration.ofSeconds(4);
    private static final Duration LEAVING = Duration.ofSeconds(2);
    private static final Duration PUBLISHING = Duration.ofSeconds(1);
    private static final Duration TELLING = Duration.ofMillis(500);

    private final Capabilities capabilities;
    private final KafkaSettings settings;
    private final Names names;
    private final Failures failures;
    private final Threads threads = new Threads();
    private final Duration firstTry;
    private final Topics topics;
    private final Cluster cluster;
    private final Publisher publisher;
    private final Registry registry = new Registry();
    private final Journal journal;
    private final Members members;
    private final Clerk clerk;
    private final Groups groups;
    private final Upkeep upkeep;
    private final AtomicBoolean closed = new AtomicBoolean();

    KafkaBackend(
            Capabilities capabilities,
            KafkaSettings settings,
            ClientSettings clients,
            QueueSettings queue,
            InstantSource clock) {
        this.capabilities = capabilities;
        this.settings = settings;
        this.names = new Names(settings);
        this.failures = new Failures(settings);
        this.firstTry = queue.publishTimeout().compareTo(FIRST_TRY) < 0 ? queue.publishTimeout() : FIRST_TRY;
        Admin admin = Admin.create(clients.admin());
        this.topics = new Topics(admin, names, settings, clients.largestRecord(), queue.maxPayload(), failures);
        GroupRules rules = new GroupRules(admin, settings, clients.session());
        this.cluster = new Cluster(admin, topics, rules, threads, failures, this::topicsAreThere);
        this.publisher = new Publisher(clients, threads, failures, queue.publishTimeout());
        this.journal = new Journal(clients, cluster, threads, names, this::read);
        this.members = new Members(
                names, clients, cluster, rules, registry, journal, publisher, threads, failures, clock, queue);
        this.clerk = new Clerk(clients, threads, failures, names);
        ShareRules shares = new ShareRules(names, cluster, rules, failures, clients.session(), queue.lease());
        Census census = new Census(names, cluster, registry, shares, members, clerk, clock);
        this.groups = new Groups(
                names, cluster, registry, shares, journal, publisher, clerk, census, failures, queue.groupStart());
        this.upkeep = new Upkeep(names, cluster, registry, shares, census, threads);
    }

    /**
     * Connects, and waits some seconds for that.
     *
     * @throws QueueException if the cluster refuses for good
     */
    void start() {
        try {
            cluster.start().get(firstTry.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof QueueException refusal) {
                throw refusal;
            }
        } catch (TimeoutException e) {
            // it goes on trying
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Deletes what is settled, now. */
    CompletableFuture<Void> tidy() {
        return cluster.whenThere(() -> groups.all().thenCompose(known -> upkeep.run(true)));
    }

    private void topicsAreThere() {
        journal.start();
        if (topics.wasMade()) {
            publisher.put(new ProducerRecord<>(names.groups(), 0, null, Registry.made()));
        }
    }

    /** What the processes of the topic tell each other, on the thread of the journal. */
    private void read(ConsumerRecord<byte[], byte[]> record) {
        if (record.topic().equals(names.groups())) {
            String dropped = registry.read(record);
            if (dropped != null) {
                members.dropped(dropped);
            }
            return;
        }
        Note note = Note.read(record.value());
        if (note != null) {
            members.heard(note);
        }
    }

    @Override
    public CompletionStage<Void> publish(Message message) {
        return cluster.whenThere(() -> {
            if (registry.hasGroups()) {
                return store(message);
            }
            return journal.caughtUp().thenCompose(known -> {
                if (!registry.hasGroups()) {
                    throw failures.publish(
                            "no group is declared, so nobody would ever get this message; declare one", false, null);
                }
                return store(message);
            });
        });
    }

    private CompletableFuture<Void> store(Message message) {
        return publisher.put(Wire.pack(names.topic(), Story.first(message))).thenApply(stored -> null);
    }

    @Override
    public Flow.Publisher<Delivery> consume(String group) {
        return members.of(group, closed::get);
    }

    @Override
    public Group group(String name) {
        return new KafkaGroup(groups, name);
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
        QueueException trouble = cluster.trouble();
        if (trouble != null) {
            return Status.down(String.valueOf(trouble.getMessage()));
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
        return settings.topic();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            long deadline = System.nanoTime() + LEAVING.toNanos();
            members.end(failures.closed(), deadline);
            publisher.close(PUBLISHING);
            journal.close(System.nanoTime() + PUBLISHING.toNanos());
            clerk.close();
            cluster.close();
            threads.close(TELLING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
