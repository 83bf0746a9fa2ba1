package dev.slackline.mcp;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The client behind one request, for what takes long or needs more than its arguments. Whatever the client did not ask
 * for is dropped without a word, so nobody needs to look first. Thread-safe.
 */
public interface Peer {

    /** Nobody: hears nothing, answers nothing, never leaves. */
    Peer NONE = new Peer() {
        private final CompletableFuture<Void> never = new CompletableFuture<>();

        @Override
        public void progress(double done, double total, String message) {}

        @Override
        public void log(LogLevel level, String logger, String text) {}

        @Override
        public Map<String, Map<String, Object>> answers() {
            return Map.of();
        }

        @Override
        public String state() {
            return "";
        }

        @Override
        public boolean can(Question.Kind kind) {
            return false;
        }

        @Override
        public CompletionStage<Void> gone() {
            return never.minimalCompletionStage();
        }
    };

    /** How much a line of log matters, from the least to the most. */
    enum LogLevel {
        /** For those who look for a fault. */
        DEBUG,
        /** What goes as it should. */
        INFO,
        /** What is worth a look. */
        WARNING,
        /** What went wrong. */
        ERROR
    }

    /** Tells how far the work is. {@code done} only grows; {@code total} is 0 where nobody knows. */
    void progress(double done, double total, String message);

    /** Tells what happens meanwhile. Never a secret, never what somebody wrote in Slack. */
    void log(LogLevel level, String logger, String text);

    /** What was answered to an {@link InputNeededException}, by the ids of its questions; empty before the first. */
    Map<String, Map<String, Object>> answers();

    /**
     * What the last {@link InputNeededException} of this request had as its state, unchanged: the client carries it, under
     * a seal. Empty before the first.
     */
    String state();

    /** Whether the client answers questions of this kind. */
    boolean can(Question.Kind kind);

    /** Completes when the client has cancelled the request or is gone: nobody waits for a result any more. */
    CompletionStage<Void> gone();
}
