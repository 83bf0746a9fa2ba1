package dev.slackline.backend.rabbitmq;

import com.rabbitmq.client.Connection;
import dev.slackline.queue.DeadLetters;
import dev.slackline.queue.GroupStats;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The groups of a topic: made, dropped, listed and counted. Thread-safe. */
final class Groups {

    /** For so long this process trusts what it knows of the retry queues that others make. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(Groups.class);

    private final Topology topology;
    private final Registry registry;
    private final Retries retries;
    private final Members members;
    private final Locks locks;
    private final Publisher publisher;
    private final Admin admin;
    private final Failures failures;
    private final InstantSource clock;
    private final Supplier<CompletableFuture<Void>> grownUp;

    /** Those this process has declared and not dropped: a broker that has lost everything gets them again. */
    private final Set<String> declaredHere = ConcurrentHashMap.newKeySet();
    /** Whether it has lost everything, and not all of it is there again. */
    private volatile boolean restoring;
    /** Since when this process has seen a group without a consumer; the broker does not tell. */
    private final Map<String, Instant> unconsumedSince = new ConcurrentHashMap<>();

    private final Map<String, Seen> seenRetries = new ConcurrentHashMap<>();

    private record Seen(Set<Long> delays, long atNanos) {}

    Groups(
            Topology topology,
            Registry registry,
            Retries retries,
            Members members,
            Locks locks,
            Publisher publisher,
            Admin admin,
            Failures failures,
            InstantSource clock,
            Supplier<CompletableFuture<Void>> grownUp) {
        this.topology = topology;
        this.registry = registry;
        this.retries = retries;
        this.members = members;
        this.locks = locks;
        this.publisher = publisher;
        this.admin = admin;
        this.failures = failures;
        this.clock = clock;
        this.grownUp = grownUp;
    }

    /** Puts a message with its history into the queue of one group. */
    CompletableFuture<Void> put(String name, Story story) {
        return publisher.put(topology.names().group(name), story);
    }

    DeadLetters deadLetters(String name) {
        return new Graveyard(name, topology.names(), admin, locks, publisher, failures);
    }

    /** Completes when a kill of the broker can no longer take a new group with it. */
    CompletableFuture<Void> declare(String name) {
        return admin.call("declaring group " + name, connection -> declare(connection, name))
                .thenCompose(isNew -> isNew ? grownUp.get() : CompletableFuture.completedFuture(null));
    }

    private boolean declare(Connection connection, String name)
            throws IOException, TimeoutException, InterruptedException {
        boolean isNew = Admin.size(connection, topology.names().group(name)) == null;
        Admin.ChannelWork<@Nullable Void> making = channel -> {
            topology.declareGroup(channel, name);
            return null;
        };
        if (isNew || !registry.isKnown()) {
            registry.add(connection, Registry.Entry.of(name), making);
        } else {
            Admin.<@Nullable Void>onChannel(connection, making);
        }
        declaredHere.add(name);
        return isNew;
    }

    /**
     * Makes again what this process had made, if the broker has lost it all; what somebody has dropped stays away. Other
     * processes do the same at the same time, and it may take more than one try.
     */
    void restore(Connection connection) throws IOException, TimeoutException, InterruptedException {
        if (restoring || (isOneMissing(connection) && registry.isLost(connection))) {
            restoring = true;
            for (String name : declaredHere) {
                retries.forget(name);
                declare(connection, name);
            }
            restoring = false;
        }
    }

    private boolean isOneMissing(Connection connection) throws IOException, TimeoutException, InterruptedException {
        for (String name : declaredHere) {
            if (Admin.size(connection, topology.names().group(name)) == null) {
                return true;
            }
        }
        return false;
    }

    /** Binds what this process had declared and nobody has dropped to an exchange that was made anew. */
    void bindAgain() {
        for (String name : declaredHere) {
            admin.call("binding group " + name + " again", connection -> {
                        boolean isThere =
                                Admin.size(connection, topology.names().group(name)) != null;
                        return isThere && declare(connection, name);
                    })
                    .exceptionally(error -> {
                        log.warn("a group could not be bound again group={} cause={}", name, error.getMessage());
                        return false;
                    });
        }
    }

    CompletableFuture<Void> drop(String name) {
        return admin.<@Nullable Void>call("dropping group " + name, connection -> {
                    drop(connection, name);
                    return null;
                })
                .thenAccept(done -> {});
    }

    private void drop(Connection connection, String name) throws IOException, TimeoutException, InterruptedException {
        declaredHere.remove(name);
        Set<Long> delays = new TreeSet<>(registry.retries(connection, name));
        delays.addAll(retries.known(name));
        Admin.<@Nullable Void>onChannel(connection, channel -> {
            channel.queueDelete(topology.names().group(name));
            for (long delay : delays) {
                channel.queueDelete(topology.names().retry(name, delay));
            }
            channel.queueDelete(topology.names().dead(name));
            return null;
        });
        retries.forget(name);
        registry.remove(connection, name);
    }

    /** Every group, the list of them, and the exchange unless somebody else has bound a queue to it. */
    CompletableFuture<Void> dropTopic() {
        return admin.<@Nullable Void>call("dropping the topic", connection -> {
                    for (String name : registry.groups(connection)) {
                        drop(connection, name);
                    }
                    return Admin.<@Nullable Void>onChannel(connection, channel -> {
                        channel.queueDelete(topology.names().registry());
                        channel.exchangeDelete(topology.names().exchange(), true);
                        return null;
                    });
                })
                .thenAccept(done -> {});
    }

    CompletableFuture<List<String>> all() {
        return admin.call("listing the groups", connection -> {
            Set<String> listed = registry.groups(connection);
            Set<String> there = Admin.sizes(
                            connection,
                            listed.stream().map(topology.names()::group).toList())
                    .keySet();
            return listed.stream()
                    .filter(name -> there.contains(topology.names().group(name)))
                    .toList();
        });
    }

    CompletableFuture<GroupStats> stats(String name) {
        return admin.call("counting group " + name, connection -> {
            List<String> retryQueues = retryQueues(connection, name);
            List<String> queues = new ArrayList<>(retryQueues);
            queues.add(topology.names().group(name));
            queues.add(topology.names().dead(name));
            Map<String, Admin.QueueSize> sizes = Admin.sizes(connection, queues);
            Admin.QueueSize own = sizes.get(topology.names().group(name));
            if (own == null) {
                throw failures.undeclared(name);
            }
            return new GroupStats(
                    own.ready(),
                    members.inFlight(name),
                    ready(sizes, retryQueues),
                    ready(sizes, List.of(topology.names().dead(name))),
                    null,
                    own.consumers(),
                    unconsumedSince(name, own.consumers()));
        });
    }

    private static long ready(Map<String, Admin.QueueSize> sizes, List<String> queues) {
        return queues.stream()
                .map(sizes::get)
                .filter(Objects::nonNull)
                .mapToLong(Admin.QueueSize::ready)
                .sum();
    }

    private @Nullable Instant unconsumedSince(String name, int consumers) {
        if (consumers > 0) {
            unconsumedSince.remove(name);
            return null;
        }
        return unconsumedSince.computeIfAbsent(name, unused -> clock.instant());
    }

    private List<String> retryQueues(Connection connection, String name)
            throws IOException, TimeoutException, InterruptedException {
        Set<Long> delays = new TreeSet<>(delaysOfOthers(connection, name));
        delays.addAll(retries.known(name));
        return delays.stream().map(delay -> topology.names().retry(name, delay)).toList();
    }

    private Set<Long> delaysOfOthers(Connection connection, String name)
            throws IOException, TimeoutException, InterruptedException {
        Seen seen = seenRetries.get(name);
        if (seen == null || System.nanoTime() - seen.atNanos() > FRESH.toNanos()) {
            seen = new Seen(registry.retries(connection, name), System.nanoTime());
            seenRetries.put(name, seen);
        }
        return seen.delays();
    }
}
