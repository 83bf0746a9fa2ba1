package dev.slackline.backend.kafka;

import dev.slackline.backend.kafka.Entry.State;
import dev.slackline.queue.Delivery;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What a process has of a group: the partitions it owns, and of each message where it is. Of those that share an ordering
 * key only the first may be handed out. Its monitor guards everything in it, deliveries included; nothing under it blocks.
 */
final class Holdings {

    private final String group;
    private final GroupConsumer consumer;
    private final boolean ordered;
    private final Map<TopicPartition, PartitionLog> logs = new HashMap<>();
    private final Deque<Entry> ready = new ArrayDeque<>();
    private final Map<String, Deque<Entry>> lanes = new HashMap<>();
    private final Set<Entry> delayed = new HashSet<>();
    private final Map<Long, Entry> lent = new HashMap<>();
    private final Set<KafkaDelivery> held = new LinkedHashSet<>();

    Holdings(String group, GroupConsumer consumer, boolean ordered) {
        this.ordered = ordered;
        this.group = group;
        this.consumer = consumer;
    }

    // --- what comes and goes

    synchronized void own(PartitionLog log) {
        logs.put(log.partition, log);
    }

    /** A message that was read. */
    synchronized void add(ConsumerRecord<byte[], byte[]> record, Notes notes, long nowMillis) {
        PartitionLog log = logs.get(new TopicPartition(record.topic(), record.partition()));
        if (log == null || !log.advance(record.offset())) {
            return;
        }
        Story story = Wire.unpack(record);
        if (story.onlyFor() != null && !story.onlyFor().equals(group)) {
            return;
        }
        Progress.Mark mark =
                ordered || log.isInherited(record.offset()) ? log.inherited(record.offset()) : Moved.mark(record);
        Entry entry = new Entry(
                log,
                record.offset(),
                story,
                Math.max(story.attempt(), mark.attempt()),
                ordered ? story.message().orderingKey() : null);
        log.add(entry);
        String lane = entry.lane;
        if (lane != null) {
            lanes.computeIfAbsent(lane, unused -> new ArrayDeque<>(1)).addLast(entry);
        }
        if (mark.token() != 0) {
            entry.state = State.LENT;
            entry.token = mark.token();
            entry.dueMillis = nowMillis + mark.leaseMillis();
            lent.put(entry.token, entry);
            Note known = notes.last(entry.token);
            if (known != null) {
                heard(known, nowMillis);
            }
        } else if (mark.dueMillis() > nowMillis) {
            entry.state = State.DELAYED;
            entry.dueMillis = mark.dueMillis();
            delayed.add(entry);
        } else {
            makeReady(entry, false);
        }
    }

    /** Hands out what may be. */
    synchronized List<Delivery> take(int max, long leaseEndMillis) {
        List<Delivery> taken = new ArrayList<>(Math.min(max, ready.size()));
        while (taken.size() < max && !ready.isEmpty()) {
            Entry entry = ready.remove();
            entry.queued = false;
            entry.state = State.HELD;
            KafkaDelivery delivery = new KafkaDelivery(entry, this, consumer, leaseEndMillis);
            entry.delivery = delivery;
            held.add(delivery);
            taken.add(delivery);
        }
        return taken;
    }

    /**
     * The partitions as they are passed on.
     *
     * @param passing completes when it is known whether they were; what is handed out stays then with whom it was handed
     *     to. Null when nothing stays.
     */
    synchronized List<PartitionLog.Commit> handOver(
            Collection<TopicPartition> partitions, long nowMillis, @Nullable CompletableFuture<Boolean> passing) {
        List<PartitionLog.Commit> commits = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            PartitionLog log = logs.get(partition);
            if (log == null) {
                continue;
            }
            for (Entry entry : log.unsettled.values()) {
                KafkaDelivery delivery = entry.delivery;
                if (passing != null && delivery != null && entry.state == State.HELD) {
                    entry.state = State.LENT;
                    entry.token = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
                    entry.dueMillis = delivery.leaseEndMillis();
                    delivery.lend(entry.token, passing);
                }
            }
            log.leaving = true;
            ready.removeIf(entry -> entry.origin == log);
            commits.add(log.last(nowMillis));
        }
        return commits;
    }

    /** They are another's now; those who hold something of them settle it from afar, or cannot where it is not known. */
    synchronized List<Origin.Waiting> disown(Collection<TopicPartition> partitions, boolean known) {
        List<Origin.Waiting> uncertain = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            PartitionLog log = logs.remove(partition);
            if (log == null) {
                continue;
            }
            uncertain.addAll(log.abandon(known));
            ready.removeIf(entry -> entry.origin == log);
            for (Entry entry : log.unsettled.values()) {
                forget(entry);
                KafkaDelivery delivery = entry.delivery;
                if (delivery != null && !(known && entry.state == State.LENT)) {
                    delivery.lose();
                }
            }
        }
        return uncertain;
    }

    private void forget(Entry entry) {
        delayed.remove(entry);
        lent.remove(entry.token);
        if (entry.delivery != null) {
            held.remove(entry.delivery);
        }
        String lane = entry.lane;
        Deque<Entry> of = lane == null ? null : lanes.get(lane);
        if (lane != null && of != null) {
            leave(lane, of, entry);
        }
    }

    /** Lets the next of its key through. */
    private void leave(String lane, Deque<Entry> of, Entry entry) {
        of.remove(entry);
        Entry next = of.peekFirst();
        if (next == null) {
            lanes.remove(lane);
        } else if (next.state == State.READY && !next.queued && next.origin.owned) {
            makeReady(next, false);
        }
    }

    // --- what becomes of one; called with the monitor held

    void settle(Entry entry) {
        entry.state = State.SETTLED;
        release(entry);
        entry.origin.settled(entry);
        String lane = entry.lane;
        Deque<Entry> of = lane == null ? null : lanes.get(lane);
        if (lane != null && of != null) {
            leave(lane, of, entry);
        }
    }

    void delay(Entry entry, int attempt, long dueMillis, long nowMillis) {
        release(entry);
        entry.attempt = attempt;
        entry.dueMillis = dueMillis;
        if (!entry.origin.changed(entry)) {
            entry.state = State.MOVING;
        } else if (dueMillis <= nowMillis) {
            makeReady(entry, false);
        } else {
            entry.state = State.DELAYED;
            delayed.add(entry);
        }
    }

    /** One that was acquired can be had. */
    synchronized void offer(Entry entry) {
        makeReady(entry, false);
    }

    /** One that was acquired goes another way; what becomes of its delivery, if it has one, is not seen here any more. */
    void withdraw(Entry entry) {
        if (entry.queued) {
            ready.remove(entry);
            entry.queued = false;
        }
        if (entry.delivery != null) {
            held.remove(entry.delivery);
        }
        entry.state = State.MOVING;
    }

    void giveBack(Entry entry) {
        release(entry);
        makeReady(entry, true);
    }

    private void release(Entry entry) {
        if (entry.delivery != null) {
            held.remove(entry.delivery);
            entry.delivery = null;
        }
        lent.remove(entry.token);
        entry.token = 0;
        delayed.remove(entry);
    }

    /** Puts it where it can be had, if it is the first of its key. */
    private void makeReady(Entry entry, boolean first) {
        entry.state = State.READY;
        String lane = entry.lane;
        Deque<Entry> of = lane == null ? null : lanes.get(lane);
        if (entry.origin.leaving || (of != null && of.peekFirst() != entry)) {
            return;
        }
        entry.queued = true;
        if (first) {
            ready.addFirst(entry);
        } else {
            ready.addLast(entry);
        }
    }

    // --- time and others

    /** Whose time is over: leases, delays, and what others held. */
    synchronized boolean expire(long nowMillis, long graceMillis) {
        int before = ready.size();
        for (Entry entry : List.copyOf(delayed)) {
            if (entry.dueMillis <= nowMillis) {
                delayed.remove(entry);
                makeReady(entry, false);
            }
        }
        for (KafkaDelivery delivery : List.copyOf(held)) {
            if (delivery.expire(nowMillis)) {
                giveBack(delivery.entry());
            }
        }
        for (Entry entry : List.copyOf(lent.values())) {
            if (entry.dueMillis + graceMillis <= nowMillis) {
                giveBack(entry);
                entry.origin.changed(entry);
            }
        }
        return ready.size() > before;
    }

    /** Somebody who held something of a partition that is ours says what became of it. */
    synchronized boolean heard(Note note, long nowMillis) {
        Entry entry = lent.get(note.token());
        if (entry == null) {
            return false;
        }
        switch (note.kind()) {
            case SETTLED -> settle(entry);
            case RETRY -> delay(entry, note.attempt(), nowMillis + note.millis(), nowMillis);
            case BACK -> {
                giveBack(entry);
                entry.origin.changed(entry);
            }
            case RENEWED -> entry.dueMillis = nowMillis + note.millis();
            default -> {}
        }
        return true;
    }

    // --- what is to be known from outside

    synchronized List<PartitionLog.Commit> commits(long nowMillis, boolean lazily) {
        List<PartitionLog.Commit> commits = new ArrayList<>();
        for (PartitionLog log : logs.values()) {
            if (log.isDirty() || (lazily && log.hasMoved())) {
                commits.add(log.commit(nowMillis));
            }
        }
        return commits;
    }

    /** Whether something was settled that is not committed. */
    synchronized boolean isDirty() {
        return logs.values().stream().anyMatch(PartitionLog::isDirty);
    }

    synchronized int ready() {
        return ready.size();
    }

    synchronized int inFlight() {
        return held.size();
    }

    synchronized int delayed() {
        return delayed.size();
    }

    /** Whether something waits for its time. */
    synchronized boolean isTimed() {
        return !held.isEmpty() || !delayed.isEmpty() || !lent.isEmpty();
    }

    synchronized @Nullable PartitionLog log(TopicPartition partition) {
        return logs.get(partition);
    }

    /** Which of the partitions should not be read further for now. */
    synchronized Set<TopicPartition> full(int mostReady, int mostEntries, long mostBytes) {
        Set<TopicPartition> full = new HashSet<>();
        boolean enough = ready.size() >= mostReady;
        logs.forEach((partition, log) -> {
            if (enough || log.isFull(mostEntries, mostBytes)) {
                full.add(partition);
            }
        });
        return full;
    }

    synchronized Set<TopicPartition> partitions() {
        return Set.copyOf(logs.keySet());
    }
}
