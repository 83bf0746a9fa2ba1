package dev.slackline.slack.socket;

import dev.slackline.slack.Acknowledgement;
import dev.slackline.slack.Arrival;
import dev.slackline.slack.DurableIntake;
import dev.slackline.slack.Incoming;
import dev.slackline.slack.IntakeAnswer;
import dev.slackline.slack.IntakeListener;
import dev.slackline.slack.SlackMapping;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores envelopes as the intake over HTTP stores requests: the same ids, keys and payloads. Thread-safe. */
final class EnvelopeIntake {

    private static final Logger log = LoggerFactory.getLogger(EnvelopeIntake.class);

    private final DurableIntake intake;
    private final IntakeListener listener;
    private final InstantSource clock;

    EnvelopeIntake(DurableIntake intake, IntakeListener listener, InstantSource clock) {
        this.intake = intake;
        this.listener = listener;
        this.clock = clock;
    }

    /** Stores an envelope. Always completes normally, in time for Slack; anything but 2xx is not to be acknowledged. */
    CompletableFuture<Acknowledgement> take(Frame.Envelope envelope) {
        long arrived = System.nanoTime();
        Incoming incoming = map(envelope);
        CompletableFuture<Acknowledgement> known = incoming instanceof Incoming.Storable storable
                ? intake.take(storable, arrived, envelope.acceptsReply() && storable.isRepliable())
                : CompletableFuture.completedFuture(withoutStoring(incoming));
        return known.thenApply(acknowledgement -> {
            tell(acknowledgement.answer(), arrived);
            return acknowledgement;
        });
    }

    /** A frame is larger than what is read. */
    void tooLarge() {
        log.warn("did not acknowledge an envelope that is larger than SLACK_MAX_BODY");
        tell(IntakeAnswer.TOO_LARGE, System.nanoTime());
    }

    /** A frame is no JSON object. */
    void malformed() {
        log.warn("passed over a message of Slack's that is no JSON object");
        tell(IntakeAnswer.MALFORMED, System.nanoTime());
    }

    private Incoming map(Frame.Envelope envelope) {
        Arrival arrival =
                new Arrival(clock.instant(), envelope.id(), envelope.retryNum(), envelope.retryReason(), null);
        return switch (envelope.type()) {
            case "events_api" -> SlackMapping.event(envelope.payload(), arrival);
            case "slash_commands" -> SlackMapping.command(envelope.payload(), arrival);
            case "interactive" -> SlackMapping.interaction(envelope.payload(), arrival);
            default -> SlackMapping.unknown(envelope.type(), envelope.payload(), arrival);
        };
    }

    private static Acknowledgement withoutStoring(Incoming incoming) {
        return incoming instanceof Incoming.Malformed malformed
                ? Acknowledgement.plain(IntakeAnswer.MALFORMED, malformed.reason())
                : Acknowledgement.plain(IntakeAnswer.CHALLENGE, "");
    }

    private void tell(IntakeAnswer answer, long arrived) {
        try {
            listener.answered(answer, Duration.ofNanos(System.nanoTime() - arrived));
        } catch (RuntimeException e) {
            log.warn("a listener of the intake failed answer={}", answer, e);
        }
    }
}
