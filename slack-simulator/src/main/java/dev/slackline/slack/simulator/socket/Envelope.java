package dev.slackline.slack.simulator.socket;

import dev.slackline.slack.simulator.delivery.Attempt;
import dev.slackline.slack.simulator.delivery.Kind;
import dev.slackline.slack.simulator.delivery.Occurrence;
import dev.slackline.slack.simulator.state.Json;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One attempt to send an occurrence through a connection. Thread-safe. */
final class Envelope {

    private static final Set<String> ANSWERED_WITH_PAYLOAD = Set.of("view_submission", "block_suggestion");

    private final String id = UUID.randomUUID().toString();
    private final Occurrence occurrence;
    private final Attempt pending;
    private final int place;
    private final CompletableFuture<Attempt> ended = new CompletableFuture<>();
    private final AtomicBoolean over = new AtomicBoolean();

    Envelope(Occurrence occurrence, int retry, @Nullable String reason, String way, Instant now) {
        this.occurrence = occurrence;
        pending = Attempt.pending(retry, reason, way, id, now);
        place = occurrence.began(pending);
    }

    String id() {
        return id;
    }

    String way() {
        return pending.way();
    }

    CompletableFuture<Attempt> ended() {
        return ended;
    }

    String text() {
        ObjectNode json = Json.object().put("envelope_id", id);
        json.set("payload", occurrence.sent());
        json.put("type", occurrence.kind().envelope()).put("accepts_response_payload", acceptsPayload());
        if (occurrence.kind() == Kind.EVENT) {
            String reason = pending.reason();
            json.put("retry_attempt", pending.number()).put("retry_reason", reason == null ? "" : reason);
        }
        return Json.text(json);
    }

    void acknowledged(Instant now, JsonNode answer) {
        end(pending.taken(now, answer));
    }

    void failed(Instant now, String failure) {
        end(pending.failed(now, failure, false));
    }

    private boolean acceptsPayload() {
        return occurrence.kind() == Kind.COMMAND
                || (occurrence.kind() == Kind.INTERACTION && ANSWERED_WITH_PAYLOAD.contains(occurrence.type()));
    }

    private void end(Attempt attempt) {
        if (over.compareAndSet(false, true)) {
            occurrence.ended(place, attempt);
            ended.complete(attempt);
        }
    }
}
