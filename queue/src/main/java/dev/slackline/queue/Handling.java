package dev.slackline.queue;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls a handler and settles by how it ended. Thread-safe as far as the handler is. */
final class Handling {

    private static final Logger log = LoggerFactory.getLogger(Handling.class);
    private static final int MAX_REASON = 500;

    private final String group;
    private final Worker.Handler handler;
    private final BooleanSupplier closing;

    /** Takes the handler, and what tells whether its worker is being closed. */
    Handling(String group, Worker.Handler handler, BooleanSupplier closing) {
        this.group = group;
        this.handler = handler;
        this.closing = closing;
    }

    CompletionStage<Settlement> handle(Delivery delivery) {
        Throwable failure = failureOf(delivery);
        Thread.interrupted(); // was meant for the handler; a broker's client might drop its connection over it
        if (failure == null) {
            return delivery.ack();
        }
        if (failure instanceof DeadLetterException) {
            return delivery.deadLetter(reason(failure));
        }
        if (failure instanceof RetryLaterException later) {
            return delivery.retry(later.delay(), reason(failure));
        }
        if (failure instanceof InterruptedException && closing.getAsBoolean()) {
            return delivery.release(); // we stopped it; the message did not fail
        }
        log.debug(
                "handler failed group={} message_id={}",
                group,
                delivery.message().id(),
                failure);
        return delivery.retry(Duration.ZERO, reason(failure));
    }

    private @Nullable Throwable failureOf(Delivery delivery) {
        try {
            handler.handle(delivery);
            return null;
        } catch (Throwable e) { // an Error fails the attempt like any other exception
            return e;
        }
    }

    private static String reason(Throwable e) {
        String text = e instanceof DeadLetterException || e instanceof RetryLaterException
                ? String.valueOf(e.getMessage())
                : e.toString();
        return text.length() > MAX_REASON ? cut(text) : text;
    }

    /** Never within a character. */
    private static String cut(String text) {
        int end = Character.isHighSurrogate(text.charAt(MAX_REASON - 1)) ? MAX_REASON - 1 : MAX_REASON;
        return text.substring(0, end) + "…";
    }
}
