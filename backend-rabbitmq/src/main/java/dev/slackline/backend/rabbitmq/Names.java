package dev.slackline.backend.rabbitmq;

/**
 * What the queues of a topic are called. A group's own queue has the name that the protocol gives it; every other one has a
 * dot after the exchange, and a group none, so that no two groups and no two topics meet.
 */
final class Names {

    private static final String DEAD = ".dead";
    private static final String RETRY = ".retry.";

    private final String exchange;

    Names(String exchange) {
        this.exchange = exchange;
    }

    String exchange() {
        return exchange;
    }

    /** What waits for the group. */
    String group(String group) {
        return exchange + "_" + group;
    }

    /** What the group failed at for good. */
    String dead(String group) {
        return exchange + "." + group + DEAD;
    }

    /** What comes back to the group after so many milliseconds. */
    String retry(String group, long millis) {
        return exchange + "." + group + RETRY + millis;
    }

    /** Which groups and which of their retry queues there are. */
    String registry() {
        return exchange + ".groups";
    }

    /** Held by whoever changes the registry. */
    String registryLock() {
        return exchange + ".lock";
    }

    /** Held by whoever reads or changes the dead letters of the group. */
    String deadLock(String group) {
        return exchange + "." + group + ".lock";
    }
}
