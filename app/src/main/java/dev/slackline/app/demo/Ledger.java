package dev.slackline.app.demo;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Who saw which event: what the demonstration is judged by. Thread-safe. */
final class Ledger {

    private final Set<String> sent = ConcurrentHashMap.newKeySet();
    private final Set<String> stored = ConcurrentHashMap.newKeySet();
    private final Map<String, AtomicInteger> handled = new ConcurrentHashMap<>();
    private final AtomicInteger forgeriesTaken = new AtomicInteger();
    private final int expected;
    private final CompletableFuture<Void> complete = new CompletableFuture<>();

    Ledger(int expected) {
        this.expected = expected;
    }

    void sent(String id) {
        sent.add(id);
    }

    /** Slackline answered 2xx: from here on it is Slackline's. */
    void stored(String id) {
        stored.add(id);
    }

    void handled(String id) {
        handled.computeIfAbsent(id, unseen -> new AtomicInteger()).incrementAndGet();
        if (handled.size() == expected) {
            complete.complete(null);
        }
    }

    void forgeryTaken() {
        forgeriesTaken.incrementAndGet();
    }

    /** Completes when every expected event was handled. */
    CompletableFuture<Void> complete() {
        return complete.copy();
    }

    int handled() {
        return handled.size();
    }

    /** Events that Slack sent and no handler has seen. */
    Set<String> lost() {
        Set<String> lost = new TreeSet<>(sent);
        lost.addAll(stored);
        lost.removeAll(handled.keySet());
        return lost;
    }

    /** Whether nothing was lost and nothing forged got in. */
    boolean isClean() {
        return lost().isEmpty() && sent.size() == expected && forgeriesTaken.get() == 0;
    }

    List<String> lines() {
        int duplicates =
                handled.values().stream().mapToInt(times -> times.get() - 1).sum();
        return List.of(
                "  sent        " + sent.size() + "   genuine events that Slack sent, each at least once",
                "  stored      " + stored.size() + "   answered 200 once they were durable",
                "  handled     " + handled.size() + "   seen by the handler to the end",
                "  duplicates  " + duplicates + "   handled more than once",
                "  forged      " + forgeriesTaken.get() + "   forged requests that got in",
                "  lost        " + lost().size());
    }
}
