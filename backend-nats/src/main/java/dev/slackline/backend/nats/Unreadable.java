package dev.slackline.backend.nats;

import dev.slackline.queue.DeadLetter.Death;
import io.nats.client.api.ConsumerInfo;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages of other programs whose headers the client library cannot read: letters outside ASCII are enough. It ends the
 * connection over which one is sent, so that nothing behind such a message would ever come. They become dead letters of
 * every group that has not settled them.
 */
final class Unreadable {

    private static final Logger log = LoggerFactory.getLogger(Unreadable.class);
    private static final String REASON = "its headers cannot be read by the client library; they were left out";

    private final Names names;
    private final Registry registry;
    private final InstantSource clock;

    Unreadable(Names names, Registry registry, InstantSource clock) {
        this.names = names;
        this.registry = registry;
        this.clock = clock;
    }

    /** Looks at what was delivered to the groups and not settled. */
    void putAside(Session session) {
        List<ConsumerInfo> groups = registry.groups(session).stream()
                .map(group -> session.api().consumer(names.messages(), group))
                .filter(consumer -> consumer != null)
                .toList();
        long from = groups.stream().mapToLong(Unreadable::settled).min().orElse(Long.MAX_VALUE - 1) + 1;
        long to = groups.stream().mapToLong(Unreadable::delivered).max().orElse(0);
        for (long next = from; next <= to; next++) {
            Found found = session.api().next(names.messages(), next);
            if (found == null || found.sequence() > to) {
                return;
            }
            next = found.sequence();
            if (!found.readable()) {
                putAside(session, found, groups);
            }
        }
    }

    private void putAside(Session session, Found found, List<ConsumerInfo> groups) {
        Wire.Stored stored = found.unpack(names.key(found.subject()));
        String only = names.onlyFor(found.subject());
        for (ConsumerInfo group : groups) {
            if (settled(group) < found.sequence() && (only == null || only.equals(group.getName()))) {
                session.api()
                        .store(
                                names.dead(),
                                names.dead(group.getName(), stored.message().id()),
                                Wire.pack(stored.message(), null, List.of(new Death(clock.instant(), 1, REASON)), true),
                                found.body().bytes());
                log.warn(
                        "dead letter, because {} group={} message_id={}",
                        REASON,
                        group.getName(),
                        stored.message().id());
            }
        }
        session.api().delete(names.messages(), found.sequence());
    }

    private static long settled(ConsumerInfo group) {
        return group.getAckFloor().getStreamSequence();
    }

    private static long delivered(ConsumerInfo group) {
        return group.getDelivered().getStreamSequence();
    }
}
