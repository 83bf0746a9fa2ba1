package dev.slackline.queue.memory;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Message;
import dev.slackline.queue.spi.PullPublisher;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one group. An entry is ready, timed (leased or delayed until its time) or blocked behind an earlier one
 * of its ordering key. Not thread-safe: the backend's lock is held in every call.
 */
final class MemoryGroup {

    private final String name;
    private final Duration lease;
    private final InstantSource clock;
    private final MemoryBackend backend;

    private final TreeMap<Long, Entry> ready = new TreeMap<>();
    private final TreeSet<Entry> timed =
            new TreeSet<>(Comparator.comparing((Entry entry) -> entry.due).thenComparingLong(entry -> entry.sequence));
    /** The unsettled entries of each ordering key; only the first is not blocked. */
    private final Map<String, TreeMap<Long, Entry>> lanes = new HashMap<>();

    private final Map<Long, Entry> entries = new TreeMap<>();
    private final Map<String, DeadEntry> dead = new LinkedHashMap<>();
    private final Set<PullPublisher.Signals> members = new LinkedHashSet<>();
    private Instant unconsumedSince;

    MemoryGroup(String name, Duration lease, InstantSource clock, MemoryBackend backend) {
        this.name = name;
        this.lease = lease;
        this.clock = clock;
        this.backend = backend;
        this.unconsumedSince = clock.instant();
    }

    void add(long sequence, Message message) {
        add(new Entry(sequence, message, List.of()));
    }

    /** Takes over one that waited elsewhere. @return false if it does so here */
    boolean restore(long sequence, Message message, int attempt, List<Death> deaths) {
        if (entries.values().stream().anyMatch(entry -> entry.message.id().equals(message.id()))) {
            return false;
        }
        Entry entry = new Entry(sequence, message, deaths);
        entry.attempt = attempt;
        add(entry);
        return true;
    }

    /** Takes over one that died elsewhere. @return false if it is dead here */
    boolean restore(long sequence, DeadLetter letter) {
        DeadEntry moved = new DeadEntry(sequence, new DeadLetter(letter.message(), name, letter.deaths()));
        return dead.putIfAbsent(letter.message().id(), moved) == null;
    }

    int waiting() {
        return entries.size();
    }

    /** Puts every message that is not settled into the map, by its place in the topic. */
    void collect(Map<Long, Message> held) {
        entries.values().forEach(entry -> held.put(entry.sequence, entry.message));
    }

    PullPublisher.Member join(PullPublisher.Signals signals) {
        members.add(signals);
        return new PullPublisher.Member() {
            @Override
            public CompletionStage<List<Delivery>> fetch(int max) {
                return backend.locked(() -> take(max));
            }

            @Override
            public void leave() {
                backend.locked(() -> {
                    members.remove(signals);
                    unconsumedSince = clock.instant();
                    wake(); // another member may have slept through what this one was woken for
                    return null;
                });
            }
        };
    }

    void end(Throwable cause) {
        List.copyOf(members).forEach(member -> member.fail(cause));
        members.clear();
    }

    void wakeIfDue() {
        if (!timed.isEmpty() && !timed.first().due.isAfter(clock.instant())) {
            wake();
        }
    }

    GroupStats stats() {
        long inFlight = timed.stream().filter(entry -> entry.token != null).count();
        Instant now = clock.instant();
        Duration oldest = entries.values().stream()
                .map(entry -> Duration.between(entry.message.publishedAt(), now))
                .max(Comparator.naturalOrder())
                .orElse(null);
        return new GroupStats(
                entries.size() - timed.size(),
                inFlight,
                timed.size() - inFlight,
                dead.size(),
                oldest,
                members.size(),
                members.isEmpty() ? unconsumedSince : null);
    }

    List<DeadLetter> dead() {
        return dead.values().stream().map(DeadEntry::letter).toList();
    }

    int replay(Collection<String> ids) {
        int replayed = 0;
        for (String id : ids) {
            DeadEntry back = dead.remove(id);
            if (back != null) {
                add(new Entry(back.sequence, back.letter.message(), back.letter.deaths()));
                replayed++;
            }
        }
        return replayed;
    }

    int forget(Collection<String> ids) {
        int before = dead.size();
        ids.forEach(dead::remove);
        return before - dead.size();
    }

    private void add(Entry entry) {
        entries.put(entry.sequence, entry);
        String key = entry.message.orderingKey();
        if (key == null) {
            makeReady(entry);
            return;
        }
        TreeMap<Long, Entry> lane = lanes.computeIfAbsent(key, unused -> new TreeMap<>());
        boolean first = lane.isEmpty();
        lane.put(entry.sequence, entry);
        if (first) {
            makeReady(entry);
        }
    }

    private List<Delivery> take(int max) {
        List<Delivery> taken = new ArrayList<>(Math.min(max, entries.size()));
        Instant now = clock.instant();
        while (taken.size() < max && !timed.isEmpty() && !timed.first().due.isAfter(now)) {
            Entry entry = timed.pollFirst();
            if (entry.token != null) { // its lease expired: that attempt failed
                entry.attempt++;
            }
            taken.add(leased(entry, now));
        }
        while (taken.size() < max && !ready.isEmpty()) {
            taken.add(leased(ready.pollFirstEntry().getValue(), now));
        }
        return taken;
    }

    private Delivery leased(Entry entry, Instant now) {
        Object token = new Object();
        entry.token = token;
        entry.due = now.plus(lease);
        timed.add(entry);
        return new MemoryDelivery(this, entry, token);
    }

    /** Whether this lease still stands; its time may be over as long as nobody else was given the entry. */
    private boolean holds(Entry entry, Object token) {
        return entry.token == token && entries.get(entry.sequence) == entry;
    }

    CompletionStage<Boolean> renew(Entry entry, Object token) {
        return backend.locked(() -> {
            if (!holds(entry, token)) {
                return false;
            }
            timed.remove(entry);
            entry.due = clock.instant().plus(lease);
            timed.add(entry);
            return true;
        });
    }

    /** Takes back a lease, if it still stands, and does what the settlement asks for. */
    CompletionStage<Boolean> settle(Entry entry, Object token, Runnable effect) {
        return backend.locked(() -> {
            if (!holds(entry, token)) {
                return false;
            }
            timed.remove(entry);
            entry.token = null;
            effect.run();
            return true;
        });
    }

    void finish(Entry entry) {
        entries.remove(entry.sequence);
        String key = entry.message.orderingKey();
        TreeMap<Long, Entry> lane = key == null ? null : lanes.get(key);
        if (lane != null) {
            lane.remove(entry.sequence);
            if (lane.isEmpty()) {
                lanes.remove(key);
            } else {
                makeReady(lane.firstEntry().getValue());
            }
        }
    }

    void again(Entry entry, Duration delay) {
        entry.attempt++;
        entry.due = clock.instant().plus(delay);
        timed.add(entry);
        wakeIfDue();
    }

    void makeReady(Entry entry) {
        ready.put(entry.sequence, entry);
        wake();
    }

    void bury(Entry entry, String reason) {
        List<Death> deaths = new ArrayList<>(entry.deaths);
        deaths.add(new Death(clock.instant(), entry.attempt, reason));
        dead.put(entry.message.id(), new DeadEntry(entry.sequence, new DeadLetter(entry.message, name, deaths)));
        finish(entry);
    }

    private void wake() {
        members.forEach(PullPublisher.Signals::wake);
    }

    /** One message that waits. */
    static final class Entry {
        final long sequence;
        final Message message;
        final List<Death> deaths;
        int attempt = 1;
        Instant due = Instant.EPOCH;

        @Nullable
        Object token;

        Entry(long sequence, Message message, List<Death> deaths) {
            this.sequence = sequence;
            this.message = message;
            this.deaths = deaths;
        }
    }

    private record DeadEntry(long sequence, DeadLetter letter) {}
}
