package dev.slackline.queue;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The subscriptions of a queue, and which groups are not consumed although they should be. Thread-safe. */
final class Consumptions {

    private final Set<Consumption> open = ConcurrentHashMap.newKeySet();
    private final Set<Consumption> interrupted = ConcurrentHashMap.newKeySet();
    /** Groups whose stream ended with an error that nothing but a person mends, and the error. */
    private final Map<String, String> failed = new ConcurrentHashMap<>();

    void opened(Consumption consumption) {
        open.add(consumption);
    }

    /** It has a stream: whatever ended an earlier one of the group is mended. */
    void connected(Consumption consumption) {
        failed.remove(consumption.group());
    }

    /** Returns whether it was not interrupted before. */
    boolean interrupted(Consumption consumption) {
        return interrupted.add(consumption);
    }

    void resumed(Consumption consumption) {
        interrupted.remove(consumption);
    }

    /** It ended as its subscriber wanted. */
    void ended(Consumption consumption) {
        open.remove(consumption);
        interrupted.remove(consumption);
    }

    /** It ended for good, and its subscriber did not want it. */
    void failed(Consumption consumption, Throwable cause) {
        failed.put(consumption.group(), String.valueOf(cause.getMessage()));
        ended(consumption);
    }

    /** Which groups are not consumed although they should be, and why; empty if there are none. */
    Optional<String> problem() {
        if (!interrupted.isEmpty()) {
            return Optional.of("not consuming "
                    + interrupted.stream().map(Consumption::group).distinct().collect(Collectors.joining(", "))
                    + ": the connection was lost and is being made again");
        }
        return failed.entrySet().stream()
                .filter(group -> open.stream().noneMatch(other -> other.group().equals(group.getKey())))
                .map(group -> "not consuming " + group.getKey() + ", and nothing will by itself: " + group.getValue())
                .findFirst();
    }

    void closeAll(QueueClosedException closed) {
        interrupted.forEach(consumption -> consumption.fail(closed));
    }
}
