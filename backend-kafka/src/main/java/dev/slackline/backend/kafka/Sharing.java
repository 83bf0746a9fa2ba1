package dev.slackline.backend.kafka;

import java.time.Duration;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * How much a process reads ahead, and when it lets others have its partitions: when more waits here than anybody asks for,
 * and another process says that it has nothing to do. Then it leaves the group until somebody asks again. A member of a
 * share group reads nothing while nobody asks, so whatever is in its partitions waits then.
 */
final class Sharing {

    private static final int LEAST_READY = 512;
    private static final int MOST_ENTRIES = 10_000; // of one partition, of which most wait for one of their key
    private static final long MOST_BYTES = 32L << 20;
    private static final Duration UNASKED = Duration.ofMillis(150);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(300);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(4);
    private static final Duration CALM = Duration.ofSeconds(30);

    private final Members services;
    private final String group;
    private final int mostReady;
    private volatile boolean holdingBack;
    private volatile boolean asked;
    private volatile boolean out;
    private long surplusNanos;
    private long saidNanos;
    private long silenceNanos = FIRST_PAUSE.toNanos();
    private long yieldedNanos = System.nanoTime() - CALM.toNanos();
    private long pauseNanos = FIRST_PAUSE.toNanos();
    private volatile long hungryNanos = System.nanoTime() - CALM.toNanos();

    Sharing(Members services, String group) {
        this.services = services;
        this.group = group;
        this.mostReady = Math.max(LEAST_READY, services.prefetch());
    }

    /** Which partitions are not to be read further for now. */
    Set<TopicPartition> full(Holdings holdings) {
        int ready = holdings.ready();
        holdingBack = ready >= (holdingBack ? mostReady / 2 : mostReady);
        return holdings.full(holdingBack ? 0 : Integer.MAX_VALUE, MOST_ENTRIES, MOST_BYTES);
    }

    /** Whether it is time to read on. */
    boolean isRead(int ready) {
        return holdingBack && ready < mostReady / 2;
    }

    /** Whether partitions are wanted here. Called by the thread of the consumer. */
    boolean isWanted(GroupConsumer consumer) {
        long now = System.nanoTime();
        if (out) {
            out = !consumer.isAsked() || now - yieldedNanos < pauseNanos;
            return !out;
        }
        if (consumer.isAsked() || (consumer.holdings().ready() == 0 && !services.isShared())) {
            surplusNanos = 0;
            silenceNanos = FIRST_PAUSE.toNanos();
            asked = false;
            return true;
        }
        if (surplusNanos == 0) {
            surplusNanos = now;
        } else if (now - surplusNanos > UNASKED.toNanos()) {
            if (asked) {
                yieldNow(now);
            } else if (now - saidNanos > silenceNanos) {
                saidNanos = now;
                silenceNanos = Math.min(2 * silenceNanos, LONGEST_SILENCE.toNanos());
                services.say(Note.of(Note.Kind.SURPLUS, group, services.me(), ""));
            }
        }
        return !out;
    }

    /** Whether others have what was here. */
    boolean isOut() {
        return out;
    }

    /** Hears what others say. @return whether there is something to do */
    boolean heard(Note note, GroupConsumer consumer) {
        boolean others = !note.from().equals(services.me());
        if (note.kind() == Note.Kind.HUNGRY && note.to().equals(services.me())) {
            asked = true;
            return true;
        }
        if (note.kind() == Note.Kind.SURPLUS
                && others
                && consumer.holdings().ready() == 0
                && consumer.isAsked()
                && System.nanoTime() - hungryNanos > UNASKED.toNanos()) {
            hungryNanos = System.nanoTime();
            services.say(Note.of(Note.Kind.HUNGRY, group, services.me(), note.from()));
        }
        return false;
    }

    private void yieldNow(long now) {
        pauseNanos = now - yieldedNanos > CALM.toNanos()
                ? FIRST_PAUSE.toNanos()
                : Math.min(2 * pauseNanos, LONGEST_PAUSE.toNanos());
        yieldedNanos = now;
        surplusNanos = 0;
        asked = false;
        out = true;
    }
}
