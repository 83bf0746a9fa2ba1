package dev.slackline.backend.nats;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this process has settled for good a while ago. A server that is killed forgets the last acknowledgements that it
 * has answered, and delivers those messages once more. Thread-safe.
 */
final class Settled {

    private static final int REMEMBERED = 1 << 16;

    private final Map<String, Ring> groups = new ConcurrentHashMap<>();

    void add(String group, long sequence, Instant stored) {
        groups.computeIfAbsent(group, unused -> new Ring()).add(sequence, stamp(stored));
    }

    /** Whether it was settled here; a stream that was made anew begins with the same sequences and with other times. */
    boolean contains(String group, long sequence, Instant stored) {
        Ring ring = groups.get(group);
        return ring != null && ring.contains(sequence, stamp(stored));
    }

    /** A group of this name that is declared again shares nothing with the one that was dropped. */
    void forget(String group) {
        groups.remove(group);
    }

    private static long stamp(Instant stored) {
        return stored.getEpochSecond() * 1_000_000_000 + stored.getNano();
    }

    /** The last ones, each at the place that its sequence says. */
    private static final class Ring {

        private final long[] sequences = new long[REMEMBERED];
        private final long[] stamps = new long[REMEMBERED];

        synchronized void add(long sequence, long stamp) {
            int place = (int) (sequence & (REMEMBERED - 1));
            sequences[place] = sequence;
            stamps[place] = stamp;
        }

        synchronized boolean contains(long sequence, long stamp) {
            int place = (int) (sequence & (REMEMBERED - 1));
            return sequences[place] == sequence && stamps[place] == stamp;
        }
    }
}
