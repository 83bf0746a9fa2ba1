package dev.slackline.mcp.slack;

import dev.slackline.slack.api.SlackApiException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A long list of Slack's that is read page by page in the background; what fails for a while is tried again. Thread-safe; no
 * thread waits with it.
 */
final class Listing {

    private static final Logger log = LoggerFactory.getLogger(Listing.class);
    private static final Duration PAUSE_AFTER_TROUBLE = Duration.ofSeconds(20);

    private final String method;
    private final Map<String, Object> arguments;
    private final Function<Map<String, Object>, CompletableFuture<Map<String, Object>>> call;
    private final Predicate<Map<String, Object>> sink;
    private final Runnable ended;

    private CompletableFuture<Void> progress = new CompletableFuture<>();
    private String cursor = "";
    private String trouble = "";
    private String logged = "";
    private long readAt;
    private boolean running;
    private boolean closed;

    /**
     * A list.
     *
     * @param sink takes each page; answers whether more is wanted
     * @param ended hears that a page was taken, or that no more will come
     */
    Listing(
            String method,
            Map<String, Object> arguments,
            Function<Map<String, Object>, CompletableFuture<Map<String, Object>>> call,
            Predicate<Map<String, Object>> sink,
            Runnable ended) {
        this.method = method;
        this.arguments = Map.copyOf(arguments);
        this.call = call;
        this.sink = sink;
        this.ended = ended;
    }

    /**
     * Where a list stands.
     *
     * @param cursor of the next page; empty if there is none
     * @param readAt when it was last read to its end, in milliseconds since 1970; 0 for never
     */
    record Position(String cursor, long readAt) {}

    synchronized Position position() {
        return new Position(cursor, readAt);
    }

    /** Where an earlier process got to. */
    synchronized void resume(Position position) {
        cursor = position.cursor();
        readAt = position.readAt();
    }

    /** Reads it, if it was not read to its end since that time and nobody does. */
    void readUnlessSince(long time) {
        synchronized (this) {
            if (running || closed || (readAt >= time && cursor.isEmpty())) {
                return;
            }
            running = true;
            trouble = "";
        }
        next();
    }

    /** Completes when more is known, or no more will be; null if it is not being read. */
    synchronized @Nullable CompletableFuture<Void> progress() {
        return running ? progress.copy() : null;
    }

    /** Why it cannot be read; empty if it can. */
    synchronized String trouble() {
        return trouble;
    }

    synchronized void close() {
        closed = true;
    }

    private void next() {
        Map<String, Object> page = new LinkedHashMap<>(arguments);
        synchronized (this) {
            if (closed) {
                running = false;
                return;
            }
            if (!cursor.isEmpty()) {
                page.put("cursor", cursor);
            }
        }
        call.apply(page).whenComplete((answer, error) -> {
            if (error == null) {
                taken(answer);
            } else {
                failed(error instanceof CompletionException && error.getCause() != null ? error.getCause() : error);
            }
        });
    }

    private void taken(Map<String, Object> answer) {
        boolean wanted = sink.test(answer);
        String next = wanted ? Slack.text(Slack.object(answer, "response_metadata"), "next_cursor") : "";
        boolean more = !next.isEmpty();
        synchronized (this) {
            cursor = next;
            if (!more) {
                readAt = System.currentTimeMillis();
                running = false;
            }
        }
        tell();
        if (more) {
            next();
        }
    }

    private void failed(Throwable error) {
        SlackApiException failure = error instanceof SlackApiException known ? known : null;
        boolean again = failure != null && failure.retryable();
        Duration pause = failure != null && failure.retryAfter() != null ? failure.retryAfter() : PAUSE_AFTER_TROUBLE;
        String code = failure == null ? error.getClass().getSimpleName() : failure.error();
        boolean expired = code.equals("invalid_cursor");
        synchronized (this) {
            if (expired && !cursor.isEmpty()) {
                cursor = "";
            } else if (!again) {
                running = false;
                trouble = code;
            }
            if (closed) {
                running = false;
                return;
            }
            if (running) {
                Executor later =
                        CompletableFuture.delayedExecutor(expired ? 1 : pause.toMillis(), TimeUnit.MILLISECONDS);
                later.execute(this::next);
                return;
            }
        }
        if (!code.equals(logged)) { // of a streak the first
            logged = code;
            log.warn("Names cannot be read method={} error={}", method, code);
        }
        tell();
    }

    private void tell() {
        CompletableFuture<Void> told;
        synchronized (this) {
            told = progress;
            progress = new CompletableFuture<>();
        }
        ended.run();
        told.complete(null);
    }
}
