package dev.slackline.app.demo;

import dev.slackline.slack.simulator.delivery.Attempt;
import dev.slackline.slack.simulator.delivery.Occurrence;
import dev.slackline.slack.simulator.delivery.Way;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Sends events by turns over HTTP and over Socket Mode, each again the way it went first. At Slack an app has one or the other;
 * while it changes over it has both. Thread-safe.
 */
final class BothIntakes implements Way {

    private final Map<Intake, Way> ways = new EnumMap<>(Intake.class);
    private final Map<String, Intake> chosen = new ConcurrentHashMap<>();
    private final AtomicInteger turns = new AtomicInteger();
    private final AtomicInteger retries = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger unacknowledged = new AtomicInteger();
    private final Ledger ledger;

    BothIntakes(Way http, Way socketMode, Ledger ledger) {
        ways.put(Intake.HTTP, http);
        ways.put(Intake.SOCKET_MODE, socketMode);
        this.ledger = ledger;
    }

    @Override
    public CompletableFuture<Attempt> send(Occurrence occurrence, int retry, @Nullable String reason) {
        if (retry > 0) {
            retries.incrementAndGet();
        }
        Intake intake = chosen.computeIfAbsent(occurrence.id(), unseen -> next());
        ledger.sent(occurrence.id(), intake);
        return way(intake).send(occurrence, retry, reason).whenComplete((attempt, error) -> note(occurrence, attempt));
    }

    /** Sends one once more, as when Slackline's answer was lost on its way. */
    CompletableFuture<Attempt> sendAgain(Occurrence occurrence) {
        return way(chosen.getOrDefault(occurrence.id(), Intake.HTTP)).send(occurrence, 1, "http_timeout");
    }

    /** How many were sent again because they had not been taken. */
    int retries() {
        return retries.get();
    }

    /** How many attempts were answered with an error over HTTP. */
    int refused() {
        return refused.get();
    }

    /** How many envelopes were not acknowledged in time, or had no connection to go over. */
    int unacknowledged() {
        return unacknowledged.get();
    }

    private void note(Occurrence occurrence, @Nullable Attempt attempt) {
        if (attempt != null && attempt.acknowledged()) {
            ledger.stored(occurrence.id());
        } else {
            boolean overHttp = chosen.get(occurrence.id()) == Intake.HTTP;
            (overHttp ? refused : unacknowledged).incrementAndGet();
        }
    }

    private Intake next() {
        return turns.getAndIncrement() % 2 == 0 ? Intake.HTTP : Intake.SOCKET_MODE;
    }

    private Way way(Intake intake) {
        return Objects.requireNonNull(ways.get(intake));
    }
}
