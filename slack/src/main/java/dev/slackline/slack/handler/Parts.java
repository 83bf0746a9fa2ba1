package dev.slackline.slack.handler;

import dev.slackline.queue.DeadLetterException;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Feature;
import dev.slackline.queue.Message;
import dev.slackline.queue.Queue;
import dev.slackline.queue.RetryLaterException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Each handler's own fate. When some of the handlers of a message fail, the group gets a part of the message for each of
 * those, in the same queue and as durable, and the message itself is done. A part is the message with the handler's name in
 * its headers; its first delivery stands for the attempt that has failed, and only settles it, so that backoff, attempts
 * and dead letters are the queue's own. Thread-safe.
 */
final class Parts {

    private static final String HANDLER = "slackline-handler";
    private static final String REASON = "slackline-handler-failure";
    private static final String ATTEMPT = "slackline-handler-attempt";
    private static final String DELAY = "slackline-handler-delay";
    private static final String FINAL = "slackline-handler-final";
    private static final String WHOLE = "slackline-handler-message";
    private static final int MAX_REASON = 500;

    private final Queue queue;
    private final String group;

    Parts(Queue queue, String group) {
        this.queue = queue;
        this.group = group;
    }

    /** The handler that a part is for; empty for a whole message. */
    static Optional<String> handlerOf(Message message) {
        return Optional.ofNullable(message.headers().get(HANDLER));
    }

    /** The message that a part was made of, as it was: with the id by which handlers know it. */
    static Message whole(Message part) {
        Map<String, String> headers = new HashMap<>(part.headers());
        headers.keySet().removeIf(name -> name.startsWith(HANDLER));
        return part.withHeaders(headers).withId(part.headers().getOrDefault(WHOLE, part.id()));
    }

    /** Fails the first delivery of a part as its handler has failed; not that of one that was replayed. */
    static void throwIfJustFailed(Delivery delivery) {
        Map<String, String> headers = delivery.message().headers();
        if (!String.valueOf(delivery.attempt()).equals(headers.get(ATTEMPT))
                || !delivery.deaths().isEmpty()) {
            return;
        }
        String reason = headers.getOrDefault(REASON, "");
        if (headers.containsKey(FINAL)) {
            throw new DeadLetterException(reason);
        }
        throw new RetryLaterException(Duration.parse(headers.getOrDefault(DELAY, "PT0S")), reason);
    }

    /**
     * Puts the parts of those that failed into the group. When it returns they are durable.
     *
     * @throws Exception the first failure, if that cannot be done: then all handlers are called again
     */
    void split(Delivery delivery, List<Failure> failures) throws Exception {
        if (!queue.capabilities().has(Feature.RESTORE)) {
            throw failures.get(0).cause();
        }
        try {
            List<CompletableFuture<?>> restored = new ArrayList<>();
            for (Failure failure : failures) {
                restored.add(queue.group(group)
                        .restore(part(delivery, failure), delivery.attempt(), List.of())
                        .toCompletableFuture());
            }
            CompletableFuture.allOf(restored.toArray(CompletableFuture<?>[]::new))
                    .get(queue.settings().publishTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            Exception cause = failures.get(0).cause();
            cause.addSuppressed(e);
            throw cause;
        }
    }

    private static Message part(Delivery delivery, Failure failure) {
        Message message = delivery.message();
        Map<String, String> headers = new HashMap<>(message.headers());
        headers.put(HANDLER, failure.handler());
        headers.put(WHOLE, message.id());
        headers.put(ATTEMPT, String.valueOf(delivery.attempt()));
        headers.put(REASON, shortened(failure.reason()));
        headers.put(DELAY, failure.delay().toString());
        if (failure.isFinal()) {
            headers.put(FINAL, "true");
        }
        return message.withHeaders(headers).withId(idOf(message.id() + "/" + failure.handler()));
    }

    /** The text, if it may be an id; one made of it otherwise. */
    static String idOf(String text) {
        return Message.isName(text)
                ? text
                : UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** Never within a character, and nothing that a header may not hold. */
    private static String shortened(String reason) {
        String text = reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) + "…" : reason;
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
