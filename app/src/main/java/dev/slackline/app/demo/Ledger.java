package dev.slackline.app.demo;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Who saw which event: what the demonstration is judged by. Thread-safe. */
final class Ledger {

    private final Map<String, Intake> sent = new ConcurrentHashMap<>();
    private final Set<String> stored = ConcurrentHashMap.newKeySet();
    private final Map<String, AtomicInteger> handled = new ConcurrentHashMap<>();
    private final Map<String, Integer> answered = new ConcurrentHashMap<>();
    private final AtomicInteger forgeriesTaken = new AtomicInteger();
    private final int expected;

    Ledger(int expected) {
        this.expected = expected;
    }

    void sent(String id, Intake intake) {
        sent.put(id, intake);
    }

    /** Slackline acknowledged it: from here on it is Slackline's. */
    void stored(String id) {
        stored.add(id);
    }

    void handled(String id) {
        handled.computeIfAbsent(id, unseen -> new AtomicInteger()).incrementAndGet();
    }

    /** So many answers to it stand in Slack in the end. */
    void answered(String id, int answers) {
        answered.put(id, answers);
    }

    void forgeryTaken() {
        forgeriesTaken.incrementAndGet();
    }

    int handled() {
        return handled.size();
    }

    long sent(Intake intake) {
        return sent.values().stream().filter(intake::equals).count();
    }

    /** Events that Slack sent, and which no handler has seen or nobody has answered. */
    Set<String> lost() {
        Set<String> lost = new TreeSet<>(sent.keySet());
        lost.addAll(stored);
        lost.removeIf(id -> handled.containsKey(id) && answered.getOrDefault(id, 0) > 0);
        return lost;
    }

    /** Whether nothing was lost, everything has exactly one answer, and nothing forged got in. */
    boolean isClean() {
        return lost().isEmpty() && sent.size() == expected && surplus() == 0 && forgeriesTaken.get() == 0;
    }

    List<String> lines() {
        int duplicates =
                handled.values().stream().mapToInt(times -> times.get() - 1).sum();
        long once = answered.values().stream().filter(answers -> answers > 0).count();
        return List.of(
                "  sent        " + sent.size() + "   mentions that Slack sent, each at least once: " + sent(Intake.HTTP)
                        + " " + Intake.HTTP.words() + ", " + sent(Intake.SOCKET_MODE) + " "
                        + Intake.SOCKET_MODE.words(),
                "  stored      " + stored.size() + "   acknowledged to Slack once they were durable",
                "  handled     " + handled.size() + "   seen by the handler to the end",
                "  answered    " + once + "   with an answer in their thread; " + surplus() + " answers too many",
                "  duplicates  " + duplicates + "   handled more than once",
                "  forged      " + forgeriesTaken.get() + "   forged requests that got in",
                "  lost        " + lost().size());
    }

    private int surplus() {
        return answered.values().stream()
                .mapToInt(answers -> Math.max(0, answers - 1))
                .sum();
    }
}
