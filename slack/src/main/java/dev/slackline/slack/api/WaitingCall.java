package dev.slackline.slack.api;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A call that has not been answered for good. */
final class WaitingCall {

    private final String method;
    private final String channel;
    private final long deadline;
    private final Supplier<CompletableFuture<Map<String, Object>>> call;
    private final CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();

    WaitingCall(String method, String channel, long deadline, Supplier<CompletableFuture<Map<String, Object>>> call) {
        this.method = method;
        this.channel = channel;
        this.deadline = deadline;
        this.call = call;
    }

    String method() {
        return method;
    }

    String channel() {
        return channel;
    }

    /** Until when it may wait, by the alarm's clock. */
    long deadline() {
        return deadline;
    }

    CompletableFuture<Map<String, Object>> answer() {
        return answer;
    }

    /** Sends it. */
    CompletableFuture<Map<String, Object>> send() {
        try {
            return call.get();
        } catch (Throwable e) { // whatever it is, it must not hold up the others
            return CompletableFuture.failedFuture(e);
        }
    }
}
