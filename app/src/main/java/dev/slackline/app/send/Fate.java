package dev.slackline.app.send;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.Queue;
import dev.slackline.slack.outbox.Outbox;
import dev.slackline.slack.outbox.OutboxListener;
import dev.slackline.slack.outbox.Post;
import dev.slackline.slack.outbox.Posted;
import dev.slackline.slack.outbox.Postman;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What becomes of one post, whichever process brings it to Slack. */
public final class Fate implements OutboxListener {

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

    private final Post post;
    private final CompletableFuture<String> refusal = new CompletableFuture<>();
    private final CompletableFuture<Posted> posted = new CompletableFuture<>();

    /** Follows a post. */
    public Fate(Post post) {
        this.post = post;
    }

    /** Slack will not have it; the message says why. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String reason) {
            super(reason);
        }
    }

    @Override
    public void posted(Posted news) {
        if (news.id().equals(post.id())) {
            posted.complete(news);
        }
    }

    @Override
    public void refused(String id, String reason) {
        if (id.equals(post.id())) {
            refusal.complete(reason);
        }
    }

    /**
     * Waits until Slack has it, or will not have it.
     *
     * @param since when the post was made, or before
     * @param limit how long to wait at most
     * @param end completes when this process is asked to end
     * @return where it is; empty when the time was up
     * @throws RefusedException if Slack will not have it
     */
    public Optional<Posted> await(
            Queue outbox, Postman postman, Instant since, Duration limit, CompletableFuture<Void> end)
            throws RefusedException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!end.isDone()) {
            long left = deadline - System.nanoTime();
            Duration pause = left < BETWEEN_LOOKS.toNanos() ? Duration.ofNanos(Math.max(1, left)) : BETWEEN_LOOKS;
            if (awaitNews(pause, end)) {
                break;
            }
            if (System.nanoTime() >= deadline) {
                return Optional.empty();
            }
            lookWhatOthersDid(outbox, postman, since);
        }
        if (refusal.isDone()) {
            throw new RefusedException(refusal.join());
        }
        return posted.isDone() ? Optional.of(posted.join()) : Optional.empty();
    }

    private boolean awaitNews(Duration pause, CompletableFuture<Void> end) throws InterruptedException {
        try {
            CompletableFuture.anyOf(posted, refusal, end).get(pause.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true;
        }
    }

    private void lookWhatOthersDid(Queue outbox, Postman postman, Instant since) {
        try {
            outbox.group(Outbox.GROUP)
                    .deadLetters()
                    .show(post.id())
                    .toCompletableFuture()
                    .join()
                    .map(DeadLetter::last)
                    .ifPresent(death -> refusal.complete(death.reason()));
            if (!refusal.isDone()) {
                postman.find(post, since).join().ifPresent(posted::complete);
            }
        } catch (CompletionException e) {
            // neither asking is needed: who brings the post to Slack is told, and we wait on
        }
    }
}
