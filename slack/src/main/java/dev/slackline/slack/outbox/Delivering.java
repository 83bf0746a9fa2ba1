package dev.slackline.slack.outbox;

import dev.slackline.queue.DeadLetterException;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.RetryLaterException;
import dev.slackline.slack.api.SlackApi;
import dev.slackline.slack.api.SlackApiException;
import dev.slackline.slack.api.SlackApiException.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One post on its way to Slack. Does not give up while Slack is away, so that later posts of the channel wait behind it on
 * every backend. For one thread.
 */
final class Delivering {

    private static final Logger log = LoggerFactory.getLogger(Delivering.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final SlackApi slack;
    private final History history;
    private final Duration settle;
    private final CountDownLatch closing;
    private final Delivery delivery;
    private final Post post;

    /** Whether Slack may have it without our knowing. */
    private boolean unclear;

    private Duration pause = FIRST_PAUSE;
    private boolean stopped;

    /**
     * Takes a delivery.
     *
     * @param unclear whether somebody may have posted it before
     * @param closing open while this may go on
     */
    Delivering(SlackApi slack, Duration settle, CountDownLatch closing, Delivery delivery, boolean unclear) {
        this.slack = slack;
        this.history = new History(slack);
        this.settle = settle;
        this.closing = closing;
        this.delivery = delivery;
        this.post = Post.from(delivery.message());
        this.unclear = unclear;
    }

    /**
     * Brings it to Slack.
     *
     * @param first how long to wait before anything else
     * @return null if it was given back: to somebody else, or because this process ends
     * @throws DeadLetterException with the reason, when Slack will not have it
     * @throws RetryLaterException when this process ends while it is unclear
     */
    @Nullable
    Posted run(Duration first) throws InterruptedException {
        try {
            stopped = rest(first);
            while (!stopped && isStillOurs()) {
                Posted posted = step();
                if (posted != null) {
                    return posted;
                }
            }
        } catch (InterruptedException e) {
            if (!unclear) {
                throw e; // the worker gives it back as untouched
            }
        }
        if (unclear) {
            throw new RetryLaterException(settle, "the process ended before it was clear whether Slack has it");
        }
        delivery.release();
        return null;
    }

    /** One look or one try, and the pause that follows a failure. */
    private @Nullable Posted step() throws InterruptedException {
        try {
            if (unclear) {
                Optional<Posted> found =
                        await(history.find(post, delivery.message().publishedAt()));
                if (found.isPresent()) {
                    return found.get();
                }
                unclear = false;
            }
            return tried();
        } catch (SlackApiException failure) {
            pauseAfter(failure);
            return null;
        }
    }

    private Posted tried() throws InterruptedException {
        unclear = true; // from here until Slack has answered
        Map<String, Object> answer;
        try {
            answer = await(slack.call(post.team(), "chat.postMessage", History.marked(post)));
        } catch (SlackApiException failure) {
            unclear = failure.outcome() == Outcome.UNCLEAR;
            throw failure;
        }
        String channel = answer.get("channel") instanceof String id ? id : post.channel();
        return new Posted(post.id(), channel, String.valueOf(answer.get("ts")));
    }

    private void pauseAfter(SlackApiException failure) throws InterruptedException {
        if (failure.error().equals(SlackApiException.CLOSED)) {
            stopped = true;
            return;
        }
        if (!failure.retryable()) {
            throw new DeadLetterException(reason(failure));
        }
        log.warn(
                "a post has to wait post={} channel={} unclear={} cause=\"{}\"",
                post.id(),
                post.channel(),
                unclear,
                failure.getMessage());
        boolean mayStillArrive = unclear && pause.compareTo(settle) < 0;
        stopped = rest(mayStillArrive ? settle : pause);
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    private String reason(SlackApiException failure) {
        return unclear
                ? "nobody knows whether it was posted, and it cannot be looked for: " + failure.getMessage()
                        + "; then replay it, which looks first"
                : String.valueOf(failure.getMessage());
    }

    /** Waits. @return whether the process ends */
    private boolean rest(Duration time) throws InterruptedException {
        return closing.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A process that slept for longer than its lease must not post what somebody else has taken over. */
    private boolean isStillOurs() throws InterruptedException {
        try {
            return delivery.renew().toCompletableFuture().get();
        } catch (ExecutionException e) {
            log.debug("it is not known whether the lease still holds post={}", post.id(), e);
            return true; // the broker is away: nobody else can have taken it over either
        }
    }

    private static <T> T await(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SlackApiException failure) {
                throw failure;
            }
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }
}
