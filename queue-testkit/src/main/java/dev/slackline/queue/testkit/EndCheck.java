package dev.slackline.queue.testkit;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.QueueBackend;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the backend dry to see that nothing that was promised is gone. */
final class EndCheck {

    /** Beyond every lease and every delay of a retry. */
    private static final Duration FAR = Duration.ofHours(3);

    private static final int PAGE = 1000;

    private final QueueBackend reader;
    private final Ledger ledger;
    private final SettableClock clock;

    EndCheck(QueueBackend reader, Ledger ledger, SettableClock clock) {
        this.reader = reader;
        this.ledger = ledger;
        this.clock = clock;
    }

    void run() {
        for (String group : ledger.groups()) {
            if (!missing(group).isEmpty()) {
                read(group);
            }
        }
    }

    private Set<String> missing(String group) {
        Set<String> missing = new HashSet<>(ledger.unacknowledged(group));
        if (!missing.isEmpty()) {
            missing.removeAll(deadLetters(group));
        }
        return missing;
    }

    private Set<String> deadLetters(String group) {
        Set<String> ids = new HashSet<>();
        @Nullable String after = null;
        List<DeadLetter> page;
        do {
            page = Await.result(reader.group(group).deadLetters().list(after, PAGE));
            for (DeadLetter letter : page) {
                after = letter.message().id();
                ids.add(after);
            }
        } while (page.size() == PAGE);
        return ids;
    }

    /** Reads and acknowledges until nothing is missing: settlements that are under way take their time, too. */
    private void read(String group) {
        ledger.held().forEach(Delivery::release);
        clock.advance(FAR);
        CollectingSubscriber member = CollectingSubscriber.to(reader.consume(group), Delivery::ack);
        try {
            member.request(Long.MAX_VALUE);
            Await.until(
                    () -> lost(group, member),
                    Await.bound(),
                    () -> missing(group).isEmpty());
        } finally {
            member.cancel();
        }
    }

    private String lost(String group, CollectingSubscriber member) {
        Set<String> missing = missing(group);
        return "ledger: confirmed messages are lost: " + missing.size() + " of "
                + ledger.confirmed().size() + " in group " + group + ", among them "
                + missing.stream().findFirst().orElse("") + "; at the end " + member.count() + " were read, and "
                + Await.result(reader.group(group).stats());
    }
}
