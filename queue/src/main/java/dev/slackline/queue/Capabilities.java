package dev.slackline.queue;

import java.util.Set;

/**
 * What a backend can do.
 *
 * @param backend the name of the backend
 * @param features the abilities it has
 * @param durability what a confirmed publish means here, for people: {@code WAL, synchronous=FULL}
 */
public record Capabilities(String backend, Set<Feature> features, String durability) {

    /** Copies the set. */
    public Capabilities {
        features = Set.copyOf(features);
    }

    /** Whether the backend has the ability. */
    public boolean has(Feature feature) {
        return features.contains(feature);
    }
}
