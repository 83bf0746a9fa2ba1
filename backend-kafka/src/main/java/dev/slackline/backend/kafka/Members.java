package dev.slackline.backend.kafka;

import dev.slackline.queue.ConsumeException;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Status;
import dev.slackline.queue.spi.PullPublisher;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The members of all groups in this process, and what they share. Thread-safe. */
final class Members {

    /** For so long after a lease that another process holds we wait for its word. */
    static final long GRACE_MILLIS = 500;

    private static final Logger log = LoggerFactory.getLogger(Members.class);
    private static final Duration TICK = Duration.ofMillis(25);
    private static final Duration USUAL_SESSION = Duration.ofSeconds(10);

    private final String me = UUID.randomUUID().toString().substring(0, 13);
    private final Names names;
    private final ClientSettings clients;
    private final Cluster cluster;
    private final GroupRules rules;
    private final Registry registry;
    private final Journal journal;
    private final Publisher publisher;
    private final Threads threads;
    private final Failures failures;
    private final InstantSource clock;
    private final Duration lease;
    private final int prefetch;
    private final Notes notes = new Notes();
    private final Map<String, GroupConsumer> consumers = new ConcurrentHashMap<>();
    private final Set<GroupConsumer> running = ConcurrentHashMap.newKeySet();
    private final Set<KafkaDelivery> lent = ConcurrentHashMap.newKeySet();
    private volatile boolean usualSession;
    private volatile @Nullable String lost;

    Members(
            Names names,
            ClientSettings clients,
            Cluster cluster,
            GroupRules rules,
            Registry registry,
            Journal journal,
            Publisher publisher,
            Threads threads,
            Failures failures,
            InstantSource clock,
            QueueSettings queue) {
        this.names = names;
        this.clients = clients;
        this.cluster = cluster;
        this.rules = rules;
        this.registry = registry;
        this.journal = journal;
        this.publisher = publisher;
        this.threads = threads;
        this.failures = failures;
        this.clock = clock;
        this.lease = queue.lease();
        this.prefetch = queue.prefetch();
        threads.every(TICK, this::watchLent);
    }

    Flow.Publisher<Delivery> of(String group, BooleanSupplier closed) {
        return new PullPublisher(
                signals -> {
                    if (closed.getAsBoolean()) {
                        throw failures.closed();
                    }
                    KafkaMember member = new KafkaMember(signals);
                    cluster.whenThere(() -> known(group)).whenComplete((known, error) -> {
                        if (error != null) {
                            member.fail(failures.asked("consuming group " + group + " failed", error));
                        } else if (!registry.isDeclared(group)) {
                            member.fail(failures.undeclared(group));
                        } else if (registry.isDeclared(group, !names.isShared())) {
                            member.fail(failures.otherMode(group));
                        } else if (closed.getAsBoolean()) {
                            member.fail(failures.closed());
                        } else {
                            join(group, member);
                        }
                    });
                    return member;
                },
                threads);
    }

    private CompletableFuture<Void> known(String group) {
        return registry.isDeclared(group) ? CompletableFuture.completedFuture(null) : journal.caughtUp();
    }

    private void join(String group, KafkaMember member) {
        GroupConsumer consumer;
        do {
            consumer = consumers.computeIfAbsent(group, name -> {
                GroupConsumer fresh = new GroupConsumer(this, name);
                running.add(fresh);
                return fresh;
            });
        } while (!consumer.join(member));
    }

    /** Its last member has left, or it has failed: the next member begins anew. */
    void left(GroupConsumer consumer) {
        consumers.remove(consumer.group(), consumer);
        running.removeIf(GroupConsumer::hasEnded);
    }

    /** The group was dropped, here or elsewhere. */
    void dropped(String group) {
        GroupConsumer consumer = consumers.get(group);
        if (consumer != null) {
            consumer.fail(failures.dropped(group));
        }
    }

    void heard(Note note) {
        notes.heard(note);
        GroupConsumer consumer = consumers.get(note.group());
        if (consumer != null) {
            consumer.heard(note);
        }
    }

    CompletableFuture<?> say(Note note) {
        return publisher.put(new ProducerRecord<>(names.notes(), 0, null, note.write()));
    }

    /** Keeps it as a dead letter. */
    CompletableFuture<?> bury(String group, Story story, int attempt, String reason) {
        String key = names.deadKey(group, story.message().id());
        return publisher.put(Wire.packDead(names.dead(), key, story.buried(clock.instant(), attempt, reason, group)));
    }

    /** A delivery is to be settled from afar. */
    void lent(KafkaDelivery delivery) {
        lent.add(delivery);
    }

    private void watchLent() {
        if (!lent.isEmpty()) {
            long now = nowMillis();
            lent.removeIf(delivery -> delivery.watch(now));
        }
    }

    Registry.Declaration declaration(String group) {
        Registry.Declaration known = registry.declaration(group);
        if (known == null) {
            throw failures.dropped(group);
        }
        return known.inOrder();
    }

    /** Ends every stream, waits until what was settled is committed, and lets others have what is held elsewhere for us. */
    void end(QueueException why, long deadlineNanos) throws InterruptedException {
        running.forEach(consumer -> consumer.close(why));
        for (GroupConsumer consumer : running) {
            consumer.awaitEnd(deadlineNanos);
        }
        lent.forEach(KafkaDelivery::giveUp);
    }

    void lostRecords(String group, TopicPartition partition, long count) {
        lost = "the topic has thrown away up to " + count + " messages of partition " + partition.partition()
                + " before group " + group + " had settled them; see its retention.ms and retention.bytes";
        log.error("messages are lost group={} partition={} up_to={}: {}", group, partition, count, lost);
    }

    Status status() {
        for (GroupConsumer consumer : consumers.values()) {
            String problem = consumer.problem();
            if (problem != null) {
                return Status.down(problem);
            }
        }
        String known = lost;
        return known == null ? Status.up("consuming") : Status.degraded(known);
    }

    /** Why a consumer has ended. */
    QueueException broken(String group, Exception error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof QueueException known) {
                return known;
            }
            if (rules.isNew() && rules.isFree() && GroupRules.isOldGroup(cause)) {
                rules.oldOnly();
                return failures.consume("members of an older protocol are still in the group", true, error);
            }
            if (cause instanceof InvalidSessionTimeoutException) {
                usualSession = true; // the broker insists on a longer one than the lease asks for
                return failures.consume("the broker does not allow so short a session", true, error);
            }
        }
        return failures.asked("consuming group " + group + " failed", error);
    }

    ConsumeException uncertain(String id) {
        return failures.consume(
                "the partition passed to another process before the settlement of message " + id + " was committed",
                true,
                null);
    }

    Map<String, Object> consumerSettings(String group) {
        String id = names.consumerGroup(group);
        rules.prepare(id);
        Map<String, Object> settings =
                clients.consumer(id, usualSession ? USUAL_SESSION : clients.session(), rules.isNew());
        settings.put("client.id", clientId());
        return settings;
    }

    Map<String, Object> shareSettings(String group) {
        Map<String, Object> settings =
                clients.share(names.shareGroup(group, declaration(group).id()));
        settings.put("client.id", clientId());
        return settings;
    }

    /** Puts a message off. */
    CompletableFuture<?> move(Story story, Progress.Mark mark) {
        return publisher.put(Moved.pack(names.later(), story, mark));
    }

    int inFlight(String group) {
        GroupConsumer consumer = consumers.get(group);
        long away = lent.stream().filter(delivery -> delivery.isOf(group)).count();
        return (int) away + (consumer == null ? 0 : consumer.holdings().inFlight());
    }

    int delayed(String group) {
        GroupConsumer consumer = consumers.get(group);
        return consumer == null ? 0 : consumer.holdings().delayed();
    }

    int members(String group) {
        GroupConsumer consumer = consumers.get(group);
        return consumer == null ? 0 : consumer.members();
    }

    boolean isShared() {
        return names.isShared();
    }

    /** What a share group gives out. */
    String sharedTopic() {
        return names.topic();
    }

    /** What a consumer group reads. */
    String topic() {
        return names.inOrder();
    }

    /** What our consumers are called at the broker. */
    String clientId() {
        return "slackline-" + me;
    }

    String me() {
        return me;
    }

    Notes notes() {
        return notes;
    }

    Threads threads() {
        return threads;
    }

    Failures failures() {
        return failures;
    }

    int prefetch() {
        return prefetch;
    }

    long nowMillis() {
        return clock.millis();
    }

    long leaseMillis() {
        return lease.toMillis();
    }

    long leaseEndMillis() {
        return nowMillis() + leaseMillis();
    }
}
