package dev.slackline.backend.rabbitmq;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Messages that wait for their retry: each in a queue for its delay, from which the broker hands it back to the group when
 * that is over. A delay is rounded up to two digits, so that few queues serve every delay; they are made when they are
 * first needed, and go with their group. Thread-safe.
 */
final class Retries {

    /** The broker allows 49 days. */
    private static final long LONGEST_MILLIS = Duration.ofDays(45).toMillis();

    private static final int TWO_DIGITS = 100;

    private final Topology topology;
    private final Registry registry;
    private final Publisher publisher;
    private final Admin admin;
    private final Supplier<CompletableFuture<Void>> grownUp;
    /** Those known to be there. */
    private final ConcurrentMap<Registry.Entry, CompletableFuture<Void>> made = new ConcurrentHashMap<>();

    Retries(
            Topology topology,
            Registry registry,
            Publisher publisher,
            Admin admin,
            Supplier<CompletableFuture<Void>> grownUp) {
        this.topology = topology;
        this.registry = registry;
        this.publisher = publisher;
        this.admin = admin;
        this.grownUp = grownUp;
    }

    /** Delivers it to the group again, at the earliest after this delay. Completes when the broker has it. */
    CompletableFuture<Void> put(String group, Story story, Duration delay) {
        long millis = delay.toMillis() + (delay.toNanosPart() % 1_000_000 > 0 ? 1 : 0);
        if (millis == 0) {
            return publisher.put(topology.names().group(group), story.waiting(0));
        }
        long step = roundedUp(Math.min(millis, LONGEST_MILLIS));
        Registry.Entry entry = new Registry.Entry(group, step);
        CompletableFuture<Void> stored = queue(entry)
                .thenCompose(there ->
                        publisher.put(topology.names().retry(group, step), story.waiting(Math.max(0, millis - step))));
        stored.whenComplete((nothing, error) -> {
            if (error != null) {
                made.remove(entry); // it may have gone with its group
            }
        });
        return stored;
    }

    /** The delays that this process has used for the group. */
    Set<Long> known(String group) {
        Set<Long> delays = new TreeSet<>();
        made.keySet().forEach(entry -> {
            if (entry.group().equals(group)) {
                delays.add(entry.retryMillis());
            }
        });
        return delays;
    }

    void forget(String group) {
        made.keySet().removeIf(entry -> entry.group().equals(group));
    }

    private CompletableFuture<Void> queue(Registry.Entry entry) {
        return made.computeIfAbsent(
                entry,
                missing -> admin.call("making a retry queue of group " + entry.group(), connection -> {
                            String name = topology.names().retry(missing.group(), missing.retryMillis());
                            boolean isNew = Admin.size(connection, name) == null;
                            if (isNew) {
                                registry.add(connection, missing, channel -> {
                                    topology.declareRetry(channel, missing.group(), missing.retryMillis());
                                    return null;
                                });
                            }
                            return isNew;
                        })
                        .thenCompose(isNew -> isNew ? grownUp.get() : CompletableFuture.completedFuture(null)));
    }

    /** 1, 2, … 99, 100, 110, … 990, 1000, 1100…: at most a tenth later. */
    static long roundedUp(long millis) {
        long unit = 1;
        while (millis / unit >= TWO_DIGITS) {
            unit *= 10;
        }
        return (millis + unit - 1) / unit * unit;
    }
}
