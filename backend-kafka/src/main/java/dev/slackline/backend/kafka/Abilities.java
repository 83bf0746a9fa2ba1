package dev.slackline.backend.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the cluster can do, as it says itself.
 *
 * @param features the level of each that is switched on
 * @param limits settings of a broker that begin with {@code group.}; empty where we may not see them
 */
record Abilities(Map<String, Integer> features, Map<String, String> limits) {

    private static final Logger log = LoggerFactory.getLogger(Abilities.class);

    /** Before anybody was asked. */
    static final Abilities UNKNOWN = new Abilities(Map.of(), Map.of());

    /** Asks. Blocks. */
    static Abilities of(Admin admin) throws ExecutionException, InterruptedException {
        Map<String, Integer> features = new HashMap<>();
        admin.describeFeatures()
                .featureMetadata()
                .get()
                .finalizedFeatures()
                .forEach((name, range) -> features.put(name, (int) range.maxVersionLevel()));
        return new Abilities(Map.copyOf(features), limits(admin));
    }

    private static Map<String, String> limits(Admin admin) throws ExecutionException, InterruptedException {
        Node any = admin.describeCluster().nodes().get().iterator().next();
        ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, any.idString());
        Map<String, String> limits = new HashMap<>();
        try {
            Objects.requireNonNull(
                            admin.describeConfigs(List.of(broker)).all().get().get(broker))
                    .entries()
                    .forEach(entry -> {
                        if (entry.name().startsWith("group.") && entry.value() != null) {
                            limits.put(entry.name(), entry.value());
                        }
                    });
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof ApiException) || e.getCause() instanceof RetriableException) {
                throw e;
            }
            log.debug("the settings of the brokers may not be seen; they are taken for Kafka's own", e);
        }
        return Map.copyOf(limits);
    }

    /** Whether a feature is there, at this level at least. */
    boolean has(String feature, int level) {
        return features.getOrDefault(feature, 0) >= level;
    }

    /** A number among the settings of a broker; what Kafka takes where we may not see it. */
    long limit(String name, long usual) {
        String value = limits.get(name);
        return value == null ? usual : Long.parseLong(value);
    }

    /** Milliseconds as near to those wanted as the brokers allow: {@code group.<kind>.min.<rest>} to {@code max}. */
    long allowed(String kind, String rest, long wanted, long usualLeast, long usualMost) {
        long least = limit("group." + kind + ".min." + rest, usualLeast);
        long most = limit("group." + kind + ".max." + rest, usualMost);
        return Math.max(least, Math.min(most, wanted));
    }
}
