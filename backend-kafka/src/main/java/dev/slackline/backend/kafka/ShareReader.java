package dev.slackline.backend.kafka;

import dev.slackline.queue.QueueException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The member of a share group, and the thread that speaks for it. Kafka's client gives out one batch and no other until it
 * was told of every message of it: so what is held for long is moved out of the way as soon as somebody asks for more.
 */
final class ShareReader implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(ShareReader.class);
    private static final Duration READING = Duration.ofMillis(200);
    private static final Duration BUSY = Duration.ofMillis(10);
    private static final Duration TELLING = Duration.ofSeconds(4);
    private static final Duration LEAVING = Duration.ofSeconds(2);
    private static final Duration CLOSING = Duration.ofMillis(800);
    private static final Duration PATIENCE = Duration.ofMillis(60);
    private static final int USUAL_LOCK_MILLIS = 15_000;
    private static final int SEEN_BEFORE = 2;
    private static final int RENEWALS = 20;

    private final GroupConsumer owner;
    private final Members services;
    private final Holdings holdings;
    private final Acquired acquired;
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile @Nullable Thread thread;
    private boolean subscribed;
    private long hungryNanos;
    private long lockedNanos;

    ShareReader(GroupConsumer owner) {
        this.owner = owner;
        this.services = owner.services();
        this.holdings = owner.holdings();
        this.acquired = new Acquired(holdings);
    }

    void start() {
        thread = services.threads().start(owner.group() + "-share", this);
    }

    /** There is something to tell, or somebody asks. */
    void wake() {
        if (!woken.getAndSet(true)) {
            LockSupport.unpark(thread);
        }
    }

    boolean isAlive() {
        Thread running = thread;
        return running != null && running.isAlive();
    }

    void awaitEnd(long deadlineNanos) throws InterruptedException {
        Thread running = thread;
        long left = deadlineNanos - System.nanoTime();
        if (running != null && running != Thread.currentThread() && left > 0) {
            TimeUnit.NANOSECONDS.timedJoin(running, left);
        }
    }

    @Override
    public void run() {
        ShareConsumer<byte[], byte[]> open = null;
        try {
            open = new KafkaShareConsumer<>(services.shareSettings(owner.group()));
            while (!owner.isOver()) {
                step(open);
            }
            leave(open);
        } catch (KafkaException | IllegalStateException e) {
            owner.end(services.broken(owner.group(), e));
        } finally {
            abandon(acquired.abandon(false));
            close(open);
        }
    }

    private void step(ShareConsumer<byte[], byte[]> open) {
        woken.set(false);
        if (acquired.isEmpty()) {
            readIfAsked(open);
            return;
        }
        boolean told = tell(open, TELLING);
        move();
        if (owner.isYielding()) {
            acquired.giveBackReady();
            acquired.moveHeld(services.nowMillis());
        } else if (isHungry() && System.nanoTime() - hungryNanos > PATIENCE.toNanos()) {
            acquired.moveHeld(services.nowMillis());
            move();
        }
        if (!told && !acquired.isEmpty()) {
            if (System.nanoTime() - lockedNanos > lock(open).toNanos() / 2) {
                renew(open);
            }
            park();
        }
    }

    /** While others have the work it is no member: the broker may have given some partitions to this one alone. */
    private void readIfAsked(ShareConsumer<byte[], byte[]> open) {
        if (owner.isYielding()) {
            if (subscribed) {
                open.unsubscribe();
                subscribed = false;
            }
            park();
        } else if (owner.isAsked()) {
            if (!subscribed) {
                open.subscribe(List.of(services.sharedTopic()));
                subscribed = true;
            }
            read(open);
        } else {
            park();
        }
    }

    private boolean isHungry() {
        boolean hungry = owner.isAsked() && holdings.ready() == 0;
        if (!hungry || hungryNanos == 0) {
            hungryNanos = hungry ? System.nanoTime() : 0;
        }
        return hungry;
    }

    private void read(ShareConsumer<byte[], byte[]> open) {
        open.poll(READING).forEach(this::take);
        lockedNanos = System.nanoTime();
        hungryNanos = 0;
        owner.offer();
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        Story story = Wire.unpack(record);
        Entry entry = new Entry(acquired, record.offset(), story, story.attempt(), null);
        if (story.onlyFor() != null && !story.onlyFor().equals(owner.group())) {
            acquired.pass(entry, record);
        } else if (record.deliveryCount().orElse((short) 1) >= SEEN_BEFORE) {
            acquired.rescue(entry, record);
        } else {
            acquired.add(entry, record);
        }
    }

    /** Tells the broker what has become of messages, and then those who wait for that. @return whether there was any */
    private boolean tell(ShareConsumer<byte[], byte[]> open, Duration patience) {
        List<Acquired.Word> words = acquired.words();
        if (words.isEmpty()) {
            return false;
        }
        Map<TopicIdPartition, Optional<KafkaException>> results = Map.of();
        try {
            words.forEach(word -> open.acknowledge(word.record(), word.type()));
            results = open.commitSync(patience);
        } catch (KafkaException e) {
            log.debug("what was settled is not known to be stored group={}", owner.group(), e);
        }
        Set<TopicPartition> stored = new HashSet<>();
        results.forEach((partition, error) -> {
            if (error.isEmpty()) {
                stored.add(partition.topicPartition());
            } else {
                log.debug("not stored group={} partition={}", owner.group(), partition, error.get());
            }
        });
        for (Acquired.Word word : words) {
            boolean known = stored.contains(
                    new TopicPartition(word.record().topic(), word.record().partition()));
            Origin.Waiting waiting = word.waiting();
            if (waiting != null) {
                Acquired.tell(waiting, known ? null : uncertain(waiting));
            }
        }
        services.threads().tell();
        return true;
    }

    private void move() {
        for (Acquired.Move move : acquired.moves()) {
            Story story = move.entry().story;
            Story put = new Story(story.message(), story.deaths(), owner.group(), move.entry().attempt);
            services.move(put, move.mark()).whenComplete((stored, error) -> {
                if (error == null) {
                    acquired.moved(move);
                } else {
                    Origin.Waiting waiting = acquired.notMoved(move);
                    if (waiting != null) {
                        Acquired.tell(waiting, uncertain(waiting));
                        services.threads().tell();
                    }
                }
                wake();
            });
        }
    }

    /** Keeps all that is held for another while: what comes back is kept. */
    private void renew(ShareConsumer<byte[], byte[]> open) {
        Set<ConsumerRecord<byte[], byte[]>> held = new HashSet<>(acquired.held());
        held.forEach(record -> open.acknowledge(record, AcknowledgeType.RENEW));
        lockedNanos = System.nanoTime();
        Set<ConsumerRecord<byte[], byte[]>> kept = new HashSet<>();
        List<ConsumerRecord<byte[], byte[]>> fresh = new ArrayList<>();
        for (int i = 0; i < RENEWALS && kept.size() < held.size() && fresh.isEmpty(); i++) {
            open.poll(READING).forEach(record -> {
                if (held.contains(record)) {
                    kept.add(record);
                } else {
                    fresh.add(record); // it has let go of the others
                }
            });
        }
        abandon(acquired.lost(kept));
        fresh.forEach(this::take);
        log.debug("held for longer group={} count={} of={}", owner.group(), kept.size(), held.size());
    }

    private Duration lock(ShareConsumer<byte[], byte[]> open) {
        return Duration.ofMillis(open.acquisitionLockTimeoutMs().orElse(USUAL_LOCK_MILLIS));
    }

    /** What is held stays with whom it was handed to, unless all is closed; the rest is given back. */
    private void leave(ShareConsumer<byte[], byte[]> open) {
        boolean closing = owner.isClosing();
        long deadline = System.nanoTime() + (closing ? CLOSING : LEAVING).toNanos();
        if (closing) {
            tell(open, CLOSING);
            abandon(acquired.abandon(true));
        }
        while (!acquired.isEmpty() && deadline - System.nanoTime() > 0) {
            woken.set(false);
            if (!closing) {
                acquired.giveBackReady();
                acquired.moveHeld(services.nowMillis());
            }
            move();
            if (!tell(open, Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
                park();
            }
        }
    }

    private void abandon(List<Origin.Waiting> waiting) {
        waiting.forEach(one -> Acquired.tell(one, uncertain(one)));
        services.threads().tell();
    }

    private QueueException uncertain(Origin.Waiting waiting) {
        return services.uncertain(waiting.delivery().message().id());
    }

    private void park() {
        if (!woken.get()) {
            LockSupport.parkNanos(BUSY.toNanos());
        }
    }

    private static void close(@Nullable ShareConsumer<?, ?> open) {
        try {
            if (open != null) {
                open.close(CLOSING);
            }
        } catch (KafkaException e) {
            log.debug("a member of a share group was not closed in order", e);
        }
    }
}
