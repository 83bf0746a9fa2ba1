package dev.slackline.slack.install;

import dev.slackline.queue.Message;
import dev.slackline.queue.SerializationException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets the tokens that Slack says are void, before any handler hears of it (rule 12). An event from before the present
 * installation, such as a late retry, changes nothing. Thread-safe.
 */
public final class Revocations implements Consumer<Message> {

    private static final Logger log = LoggerFactory.getLogger(Revocations.class);
    private static final String UNINSTALLED = "event.app_uninstalled";
    private static final String REVOKED = "event.tokens_revoked";

    private final Installations installations;

    /** Takes where the tokens are. */
    public Revocations(Installations installations) {
        this.installations = installations;
    }

    @Override
    public void accept(Message message) {
        if (message.key().equals(UNINSTALLED) || message.key().equals(REVOKED)) {
            try {
                Map<String, Object> payload = message.payload().asMap();
                if (payload.get("team_id") instanceof String team) {
                    installations.change(
                            team, found -> found.flatMap(installation -> left(installation, message, payload)));
                }
            } catch (SerializationException e) {
                log.warn("an event about tokens is no JSON object message_id={}", message.id());
            }
        }
    }

    private static Optional<Installation> left(
            Installation installation, Message message, Map<String, Object> payload) {
        boolean stale = payload.get("event_time") instanceof Number seconds
                && Instant.ofEpochSecond(seconds.longValue() + 1).isBefore(installation.installedAt());
        if (stale) {
            return Optional.of(installation);
        }
        Map<?, ?> tokens =
                payload.get("event") instanceof Map<?, ?> event && event.get("tokens") instanceof Map<?, ?> map
                        ? map
                        : Map.of();
        boolean bot =
                message.key().equals(UNINSTALLED) || !list(tokens.get("bot")).isEmpty();
        log.info("Slack has taken back tokens team={} bot={}", installation.team(), bot);
        if (bot) {
            return Optional.empty();
        }
        return list(tokens.get("oauth")).contains(installation.userId())
                ? Optional.of(installation.withUser(null))
                : Optional.of(installation);
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }
}
