package dev.slackline.backend.nats;

import dev.slackline.queue.QueueException;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes out of the stream what every group has settled, and nothing else. It stays for the deduplication window, because
 * a server that starts again learns the ids that it remembers from the messages it has; sooner only when the stream is
 * full. Thread-safe.
 */
final class Trimming {

    private static final Logger log = LoggerFactory.getLogger(Trimming.class);
    private static final Duration USUALLY = Duration.ofMinutes(1);
    private static final int MOST_NOTES = 10_000;

    private final Names names;
    private final Registry registry;
    private final Groups groups;
    private final Link link;
    private final Threads threads;
    private final InstantSource clock;
    private final Duration window;
    private final AtomicBoolean running = new AtomicBoolean();

    Trimming(
            Names names,
            Registry registry,
            Groups groups,
            Link link,
            Threads threads,
            InstantSource clock,
            Duration window) {
        this.names = names;
        this.registry = registry;
        this.groups = groups;
        this.link = link;
        this.threads = threads;
        this.clock = clock;
        this.window = window;
        threads.every(USUALLY, () -> start(false));
    }

    /** The stream is full: whatever is settled goes. Returns at once. */
    void makeRoom() {
        start(true);
    }

    private void start(boolean isFull) {
        if (running.compareAndSet(false, true)) {
            threads.attempt(() -> {
                try {
                    trim(link.session(), isFull);
                } catch (QueueException e) {
                    log.debug("what is settled could not be taken out", e);
                } finally {
                    running.set(false);
                }
            });
        }
    }

    /** What one group has not settled stays, and everything as long as one group's consumer is missing. */
    void trim(Session session, boolean isFull) {
        List<String> declared = registry.groups(session);
        List<ConsumerInfo> consumers = session.api().consumers(names.messages());
        StreamInfo stream = session.api().stream(names.messages());
        if (stream == null
                || declared.isEmpty()
                || !consumers.stream().map(ConsumerInfo::getName).toList().containsAll(declared)) {
            return;
        }
        long settled = Long.MAX_VALUE;
        for (ConsumerInfo consumer : consumers) {
            long floor = consumer.getAckFloor().getStreamSequence();
            groups.settled(consumer.getName(), floor);
            settled = Math.min(settled, floor);
        }
        StreamState state = stream.getStreamState();
        long last = isFull ? settled : lastForgotten(session, state, settled);
        if (last >= state.getFirstSequence()) {
            session.api().purge(names.messages(), "{\"seq\":" + (last + 1) + "}");
            log.debug("taken out what every group has settled up_to={}", last);
        }
        clearNotes(session, Math.max(last + 1, state.getFirstSequence()));
    }

    /** The last of those settled whose id need not be remembered any more. */
    private long lastForgotten(Session session, StreamState state, long settled) {
        Instant cutoff = clock.instant().minus(window);
        long before = state.getFirstSequence() - 1; // this one and all before it are older
        long from = settled + 1; // this one and all after it are not
        while (from - before > 1) {
            long middle = before + (from - before) / 2;
            Found found = session.api().next(names.messages(), middle);
            if (found != null && found.sequence() < from && found.time().isBefore(cutoff)) {
                before = found.sequence();
            } else {
                from = middle;
            }
        }
        return before;
    }

    /** Notes of messages that are gone: whoever settled them was killed before it cleared them away. */
    private void clearNotes(Session session, long first) {
        Map<String, Long> notes = session.api().subjects(names.state(), names.allAttempts("*"));
        if (notes == null) {
            return;
        }
        notes.keySet().stream()
                .limit(MOST_NOTES)
                .filter(subject -> sequence(subject) < first)
                .forEach(subject -> session.api().purge(names.state(), "{\"filter\":\"" + subject + "\"}"));
    }

    private static long sequence(String subject) {
        try {
            return Long.parseLong(subject.substring(subject.lastIndexOf('.') + 1));
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE; // none of ours
        }
    }
}
