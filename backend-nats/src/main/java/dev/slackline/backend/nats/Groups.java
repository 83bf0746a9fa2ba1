package dev.slackline.backend.nats;

import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueException;
import io.nats.client.api.ConsumerInfo;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The groups of a topic: made, dropped, listed and counted. Thread-safe. */
final class Groups {

    private static final Logger log = LoggerFactory.getLogger(Groups.class);

    private final Names names;
    private final Topology topology;
    private final Registry registry;
    private final Members members;
    private final Leases leases;
    private final Publisher publisher;
    private final Link link;
    private final Threads threads;
    private final Failures failures;
    private final InstantSource clock;

    /** Those this process has declared and not dropped: a server that has lost them gets them again. */
    private final Set<String> declaredHere = ConcurrentHashMap.newKeySet();
    /** Up to where each group had settled everything when this process last looked. */
    private final Map<String, Long> settledTo = new ConcurrentHashMap<>();
    /** Since when this process has seen a group without a consumer; the server does not tell. */
    private final Map<String, Instant> unconsumedSince = new ConcurrentHashMap<>();

    Groups(
            Names names,
            Topology topology,
            Registry registry,
            Members members,
            Leases leases,
            Publisher publisher,
            Link link,
            Threads threads,
            Failures failures,
            InstantSource clock) {
        this.names = names;
        this.topology = topology;
        this.registry = registry;
        this.members = members;
        this.leases = leases;
        this.publisher = publisher;
        this.link = link;
        this.threads = threads;
        this.failures = failures;
        this.clock = clock;
    }

    Graveyard deadLetters(String name) {
        return new Graveyard(name, names, registry, publisher, link, threads, failures);
    }

    CompletableFuture<Void> declare(String name) {
        return threads.<@Nullable Void>call(() -> {
                    declare(link.session(), name);
                    return null;
                })
                .thenAccept(done -> {});
    }

    private void declare(Session session, String name) {
        ConsumerInfo found = session.api().consumer(names.messages(), name);
        if (found == null && topology.prepare(session)) {
            restore(session, true);
        }
        Long from = found != null && declaredHere.contains(name) ? Long.valueOf(1) : registry.from(session, name);
        if (found != null) {
            topology.adopt(session, found);
            if (from == null) { // whoever began to declare it has not finished
                registry.add(session, name, found.getAckFloor().getStreamSequence() + 1);
            }
        } else {
            make(session, name, from);
        }
        declaredHere.add(name);
    }

    /** Makes the consumer, at the place that the list of groups tells, if it does. */
    private void make(Session session, String name, @Nullable Long from) {
        try {
            if (from != null) {
                long first = Math.max(from, settledTo.getOrDefault(name, 0L) + 1);
                log.warn(
                        "the server has lost the consumer of a group; it is made again group={} from_sequence={}",
                        name,
                        first);
                topology.restore(session, name, first);
            } else {
                ConsumerInfo made = topology.create(session, name);
                registry.add(session, name, made.getDelivered().getStreamSequence() + 1);
            }
        } catch (QueueException e) {
            if (session.api().consumer(names.messages(), name) == null) {
                throw e;
            } // else somebody else was faster, and has made it from another place
        }
    }

    /**
     * After a connection was made: makes again what the server has lost; what somebody has dropped stays away.
     *
     * @param isNew whether the server has lost all and knows of no group any more
     */
    void restore(Session session, boolean isNew) {
        for (String name : List.copyOf(declaredHere)) {
            if (isNew) {
                registry.add(session, name, 1);
            }
            if (session.api().consumer(names.messages(), name) != null) {
                continue;
            }
            if (registry.from(session, name) == null) {
                declaredHere.remove(name);
            } else {
                declare(session, name);
            }
        }
        registry.groups(session);
    }

    /** Notes up to where a group has settled everything. */
    void settled(String name, long sequence) {
        settledTo.merge(name, sequence, Math::max);
    }

    /**
     * Stores a message of another backend for one group alone. Under no id that the server would know again: whether the
     * first copy still waits could not be told, and what has left may come back.
     */
    CompletableFuture<Boolean> takeOver(String name, Message message, int attempt, List<Death> deaths) {
        return threads.call(() -> {
                    if (registry.from(link.session(), name) == null) {
                        throw failures.undeclared(name);
                    }
                    return Wire.pack(message, null, deaths, false).put(Wire.ATTEMPT, Integer.toString(attempt));
                })
                .thenCompose(headers -> publisher.put(
                        names.messages(),
                        names.subject(name, message.key()),
                        headers,
                        message.payload().bytes()))
                .thenApply(stored -> true);
    }

    CompletableFuture<Void> drop(String name) {
        return threads.<@Nullable Void>call(() -> {
                    drop(link.session(), name);
                    return null;
                })
                .thenAccept(done -> {});
    }

    private void drop(Session session, String name) {
        declaredHere.remove(name);
        settledTo.remove(name);
        leases.settled().forget(name);
        registry.remove(session, name);
        session.api().deleteConsumer(names.messages(), name);
        session.api().purge(names.dead(), "{\"filter\":\"" + names.allDead(name) + "\"}");
        session.api().purge(names.state(), "{\"filter\":\"" + names.allAttempts(name) + "\"}");
        members.end(name, failures.dropped(name));
    }

    CompletableFuture<Void> dropTopic() {
        return threads.<@Nullable Void>call(() -> {
                    Session session = link.session();
                    List<String> all = registry.groups(session);
                    declaredHere.clear();
                    session.api().deleteStream(names.messages());
                    session.api().deleteStream(names.dead());
                    session.api().deleteStream(names.state());
                    all.forEach(name -> members.end(name, failures.dropped(name)));
                    return null;
                })
                .thenAccept(done -> {});
    }

    CompletableFuture<List<String>> all() {
        return threads.call(() -> registry.groups(link.session()));
    }

    /** Completes if there is a group; fails if a publish would be for nobody. */
    CompletableFuture<Void> requireAny() {
        return threads.call(() -> registry.groups(link.session())).thenAccept(all -> {
            if (all.isEmpty()) {
                throw failures.publish(
                        "no group is declared, so nobody would ever get this message; declare one", false, null);
            }
        });
    }

    CompletableFuture<GroupStats> stats(String name) {
        return threads.call(() -> stats(link.session(), name));
    }

    private GroupStats stats(Session session, String name) {
        ConsumerInfo consumer = session.api().consumer(names.messages(), name);
        if (consumer == null) {
            throw failures.undeclared(name);
        }
        long ready = Math.max(0, consumer.getNumPending());
        long unsettled = consumer.getNumAckPending();
        long delayed = Math.min(unsettled, leases.countDelayed(name));
        long dead = countDead(session, name);
        long settled = consumer.getAckFloor().getStreamSequence();
        settled(name, settled);
        int consumers = consumers(name, consumer, unsettled - delayed);
        return new GroupStats(
                ready,
                unsettled - delayed,
                delayed,
                dead,
                ready + unsettled == 0 ? null : oldestAge(session, settled + 1),
                consumers,
                unconsumedSince(name, consumers));
    }

    private long countDead(Session session, String name) {
        Map<String, Long> letters = session.api().subjects(names.dead(), names.allDead(name));
        return letters == null ? 0 : letters.size();
    }

    /** Those of this process, and those of others that ask for messages or hold some. */
    private int consumers(String name, ConsumerInfo consumer, long held) {
        int here = members.count(name);
        int elsewhere = (int) Math.max(0, consumer.getNumWaiting() - members.countWaiting(name));
        return Math.max(here + elsewhere, held > 0 ? 1 : 0);
    }

    private @Nullable Instant unconsumedSince(String name, int consumers) {
        if (consumers > 0) {
            unconsumedSince.remove(name);
            return null;
        }
        return unconsumedSince.computeIfAbsent(name, unused -> clock.instant());
    }

    private @Nullable Duration oldestAge(Session session, long from) {
        Found oldest = session.api().next(names.messages(), from);
        if (oldest == null) {
            return null;
        }
        Instant published = oldest.unpack(null).message().publishedAt();
        return Duration.between(published, clock.instant());
    }
}
