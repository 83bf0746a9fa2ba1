package dev.slackline.slack.api;

import dev.slackline.slack.api.SlackApiException.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Slack's Web API: calls any method for any workspace that there is a token for. Thread-safe; one for a process, so that
 * all calls share Slack's limits.
 *
 * <p>What goes wrong is a {@link SlackApiException}, which says whether the call may have been done all the same; no call is
 * repeated behind the caller's back but one that Slack has refused for coming too early, or with an expired token.
 */
public final class SlackApi implements AutoCloseable {

    private final SlackTokens tokens;
    private final Transport transport;
    private final FileTransfer files;
    private final RateLimiter limiter;
    private final Duration maxWait;
    private final AtomicBoolean closed = new AtomicBoolean();

    private SlackApi(SlackApiSettings settings, SlackTokens tokens) {
        this.tokens = tokens;
        this.transport = new Transport(settings.url(), settings.timeout());
        this.files = new FileTransfer(settings.url(), settings.timeout());
        this.maxWait = settings.maxWait();
        this.limiter = new RateLimiter(Limits.ofSlack(), Alarm.ofSystem(), settings.maxWait(), settings.maxWaiting());
    }

    /** A client for the one workspace whose tokens the settings hold. */
    public static SlackApi open(SlackApiSettings settings) {
        return open(settings, SlackTokens.fixed(settings.botToken(), settings.userToken()));
    }

    /** A client for the workspaces of a token source. */
    public static SlackApi open(SlackApiSettings settings, SlackTokens tokens) {
        return new SlackApi(settings, tokens);
    }

    /**
     * Calls a method, with the bot's token unless the method takes a user's only. The call waits until Slack's limits allow it
     * (rule 27), for {@code SLACK_API_MAX_WAIT} at most; posts to one channel go out one after another, in the order of the
     * calls. What depends on the future must not block.
     *
     * @param team the workspace's id; may be empty when there is only one
     * @param method {@code chat.postMessage}
     * @param arguments strings, numbers, booleans; maps and lists become JSON; what is null is left out. Slack's comma lists
     *     are strings
     * @return the answer, in which {@code ok} is true; fails with a {@link SlackApiException}
     * @throws IllegalArgumentException if the method's name can be none, or an argument has no form in JSON
     */
    public CompletableFuture<Map<String, Object>> call(String team, String method, Map<String, ?> arguments) {
        return call(team, Methods.kind(Methods.requireName(method)), method, arguments);
    }

    /** {@link #call(String, String, Map)} in the name of the bot, or of the person who installed the app. */
    public CompletableFuture<Map<String, Object>> call(
            String team, SlackTokens.Kind kind, String method, Map<String, ?> arguments) {
        Methods.requireName(method);
        return attempt(team, kind, method, arguments, () -> maxWait, true);
    }

    /**
     * {@link #call(String, String, Map)} for those who give up earlier than {@code SLACK_API_MAX_WAIT}.
     *
     * @param patience how long the call may wait; if it has not been sent by then it never will be, and fails as one that came
     *     too early
     */
    public CompletableFuture<Map<String, Object>> call(
            String team, String method, Map<String, ?> arguments, Duration patience) {
        return call(team, Methods.kind(Methods.requireName(method)), method, arguments, patience);
    }

    /** {@link #call(String, String, Map, Duration)} in the name of the bot, or of the person who installed the app. */
    public CompletableFuture<Map<String, Object>> call(
            String team, SlackTokens.Kind kind, String method, Map<String, ?> arguments, Duration patience) {
        Methods.requireName(method);
        long deadline = System.nanoTime() + patience.toNanos();
        return attempt(team, kind, method, arguments, () -> Duration.ofNanos(deadline - System.nanoTime()), true);
    }

    /** Calls one of the methods that take no token, such as {@code oauth.v2.access}. */
    public CompletableFuture<Map<String, Object>> callWithoutToken(String method, Map<String, ?> arguments) {
        Methods.requireName(method);
        return closed.get() ? closedFailure(method) : transport.send(method, null, arguments);
    }

    /**
     * The content of a file, in the bot's name. It is taken from Slack alone: an address elsewhere gets no token.
     *
     * @param url its {@code url_private}
     * @param max how many bytes it may have
     * @return fails with a {@link SlackApiException}, {@code too_large} if it has more
     */
    public CompletableFuture<byte[]> download(String team, String url, long max) {
        return tokens.token(team, SlackTokens.Kind.BOT)
                .toCompletableFuture()
                .thenCompose(token -> files.download(url, token, max));
    }

    /**
     * Gives a file its content.
     *
     * @param url the {@code upload_url} of {@code files.getUploadURLExternal}
     * @return fails with a {@link SlackApiException}
     */
    public CompletableFuture<Void> upload(String url, byte[] content) {
        return files.upload(url, content);
    }

    /** Takes no more calls and fails those that wait; those under way are finished. Idempotent. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            limiter.close();
        }
    }

    private CompletableFuture<Map<String, Object>> attempt(
            String team,
            SlackTokens.Kind kind,
            String method,
            Map<String, ?> arguments,
            Supplier<Duration> patience,
            boolean mayRenew) {
        if (closed.get()) {
            return closedFailure(method);
        }
        return tokens.token(team, kind).toCompletableFuture().thenCompose(token -> {
            CompletableFuture<Map<String, Object>> answer = limiter.run(
                    token.workspace(),
                    method,
                    channel(arguments),
                    patience.get(),
                    () -> transport.send(method, token, arguments));
            return mayRenew
                    ? answer.exceptionallyCompose(error -> again(error, token, team, kind, method, arguments, patience))
                    : answer;
        });
    }

    /** Once more with another token, if the one that was used has expired and there is another to be had. */
    private CompletableFuture<Map<String, Object>> again(
            Throwable error,
            SlackToken used,
            String team,
            SlackTokens.Kind kind,
            String method,
            Map<String, ?> arguments,
            Supplier<Duration> patience) {
        SlackApiException failure = Responses.failure(method, error);
        return failure.error().equals("token_expired") && tokens.expired(used)
                ? attempt(team, kind, method, arguments, patience, false)
                : CompletableFuture.failedFuture(failure);
    }

    private static String channel(Map<String, ?> arguments) {
        return arguments.get("channel") instanceof String channel ? channel : "";
    }

    private static <T> CompletableFuture<T> closedFailure(String method) {
        return CompletableFuture.failedFuture(
                SlackApiException.failed(method, SlackApiException.CLOSED, Outcome.UNSENT, null));
    }
}
