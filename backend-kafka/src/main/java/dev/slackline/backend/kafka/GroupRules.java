package dev.slackline.backend.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the members of a consumer group find each other: by the protocol of KIP-848 where the brokers have it and let it be as
 * quick as the older one, by that one otherwise; and what such a group is set to at the brokers, because its members cannot
 * say it themselves. Thread-safe.
 */
final class GroupRules {

    /** The feature of brokers that have the protocol of KIP-848. */
    static final String FEATURE = "group.version";

    private static final Logger log = LoggerFactory.getLogger(GroupRules.class);
    private static final String PROTOCOL = "group.protocol";
    private static final String KIND = "consumer";
    private static final long HEARTBEAT = 500;
    private static final long SLOW_HEARTBEAT = 1_000;
    private static final long USUAL_HEARTBEAT = 5_000;
    private static final long MOST_HEARTBEAT = 15_000;
    private static final long USUAL_SESSION = 45_000;
    private static final long MOST_SESSION = 60_000;

    private final Admin admin;
    private final String chosen;
    private final Duration session;
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private volatile Abilities abilities = Abilities.UNKNOWN;
    private volatile boolean classicOnly;

    /**
     * Does nothing yet.
     *
     * @param session after so long a silence a member should be taken for dead
     */
    GroupRules(Admin admin, KafkaSettings settings, Duration session) {
        this.admin = admin;
        this.chosen = settings.client().getOrDefault(PROTOCOL, "");
        this.session = session;
    }

    /** Asks the brokers what they can do. Blocks. */
    void ask() throws ExecutionException, InterruptedException {
        abilities = Abilities.of(admin);
        log.debug("features={} protocol={}", abilities.features(), isNew() ? KIND : "classic");
    }

    Abilities abilities() {
        return abilities;
    }

    /** Whether members use the protocol of KIP-848. */
    boolean isNew() {
        return chosen.isEmpty() ? suits(abilities, session) && !classicOnly : chosen.equalsIgnoreCase(KIND);
    }

    /**
     * Whether such brokers have the protocol of KIP-848 and notice with it as soon as with the older one that a member is
     * dead, or that it lets a partition go. As Kafka comes they do not: a silence of 45 seconds, and of 5 between heartbeats,
     * is the least that they allow.
     */
    static boolean suits(Abilities abilities, Duration session) {
        return abilities.has(FEATURE, 1)
                && abilities.allowed(KIND, "session.timeout.ms", 0, USUAL_SESSION, MOST_SESSION) <= session.toMillis()
                && abilities.allowed(KIND, "heartbeat.interval.ms", 0, USUAL_HEARTBEAT, MOST_HEARTBEAT)
                        <= SLOW_HEARTBEAT;
    }

    /** Members of the older protocol are still in a group, and cannot be joined by the new one. */
    void oldOnly() {
        classicOnly = true;
    }

    /** Whether the brokers refuse a member because the group has members of the older protocol that it cannot join. */
    static boolean isOldGroup(Throwable cause) {
        return cause instanceof GroupIdNotFoundException
                || cause instanceof InconsistentGroupProtocolException
                || cause instanceof UnsupportedVersionException;
    }

    /** Whether the operator has not chosen. */
    boolean isFree() {
        return chosen.isEmpty();
    }

    /** Sets a group to what its members would have said in the older protocol, as far as the brokers allow. Blocks. */
    void prepare(String consumerGroup) {
        if (isNew() && told.add(consumerGroup)) {
            Map<String, String> wanted = new TreeMap<>();
            wanted.put("consumer.session.timeout.ms", number("session.timeout.ms", session.toMillis(), USUAL_SESSION));
            wanted.put("consumer.heartbeat.interval.ms", number("heartbeat.interval.ms", HEARTBEAT, USUAL_HEARTBEAT));
            set(consumerGroup, wanted);
        }
    }

    private String number(String name, long wanted, long usualLeast) {
        long most = name.startsWith("session") ? MOST_SESSION : MOST_HEARTBEAT;
        return Long.toString(abilities.allowed(KIND, name, wanted, usualLeast, most));
    }

    private void set(String consumerGroup, Map<String, String> wanted) {
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, consumerGroup);
        List<AlterConfigOp> changes = wanted.entrySet().stream()
                .map(one -> new AlterConfigOp(new ConfigEntry(one.getKey(), one.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        try {
            admin.incrementalAlterConfigs(Map.of(group, changes)).all().get();
        } catch (ExecutionException e) {
            log.warn(
                    "a dead member is noticed when the brokers' own session time-out is over; allow AlterConfigs on the"
                            + " group to have it sooner group={} cause={}",
                    consumerGroup,
                    Failures.unwrapped(e).getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
