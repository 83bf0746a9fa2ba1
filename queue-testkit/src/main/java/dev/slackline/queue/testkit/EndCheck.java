package dev.slackline.queue.testkit;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Group;
import dev.slackline.queue.QueueBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
            deadLetters(reader.group(group))
                    .forEach(letter -> missing.remove(letter.message().id()));
        }
        return missing;
    }

    /** Every dead letter of a group, page by page. */
    static List<DeadLetter> deadLetters(Group group) {
        List<DeadLetter> all = new ArrayList<>();
        List<DeadLetter> page;
        do {
            String after =
                    all.isEmpty() ? null : all.get(all.size() - 1).message().id();
            page = Await.result(group.deadLetters().list(after, PAGE));
            all.addAll(page);
        } while (page.size() == PAGE);
        return all;
    }

    /**
     * Reads and acknowledges until nothing is missing. Settlements that are under way take their time, and a broker that
     * waits for members who were killed while they joined needs the time of two sessions.
     */
    private void read(String group) {
        ledger.held().forEach(Delivery::release);
        clock.advance(FAR);
        CollectingSubscriber member = CollectingSubscriber.to(reader.consume(group), Delivery::ack);
        try {
            member.request(Long.MAX_VALUE);
            Await.until(
                    () -> lost(group, member),
                    Await.bound().multipliedBy(4),
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
