package dev.slackline.slack.answer;

import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * An acknowledgement that waits. It ends with the first answer, when everybody who might answer has passed, or with the
 * time. Thread-safe.
 */
final class Pending implements Expectation {

    final Message message;
    private final Set<String> awaited;
    private final boolean probing;
    private final Consumer<Pending> everybodyPassed;
    private final CompletableFuture<Optional<Payload>> answer = new CompletableFuture<>();
    private int holders = 1;

    /**
     * Waits for these groups; when it is not known who there is, for anybody.
     *
     * @param everybodyPassed called when the last of them has passed
     */
    Pending(Message message, Set<String> awaited, Consumer<Pending> everybodyPassed) {
        this.message = message;
        this.awaited = new HashSet<>(awaited);
        this.probing = awaited.isEmpty();
        this.everybodyPassed = everybodyPassed;
    }

    @Override
    public Message message() {
        return message;
    }

    @Override
    public CompletionStage<Optional<Payload>> answer() {
        return answer.copy();
    }

    @Override
    public void abandon() {
        if (letGo()) {
            end();
        }
    }

    /** The same message once more: a duplicate gets the same answer. */
    synchronized void hold() {
        holders++;
    }

    boolean isProbing() {
        return probing;
    }

    /** Those that have said nothing yet. */
    synchronized Set<String> silent() {
        return Set.copyOf(awaited);
    }

    void pass(String group) {
        if (remove(group)) {
            everybodyPassed.accept(this);
        }
    }

    /** Takes the answer, unless there was one or it is too late: then false. */
    boolean answer(Payload payload) {
        return answer.complete(Optional.of(payload));
    }

    boolean hasEnded() {
        return answer.isDone();
    }

    /** No answer. False if there was one, or it had ended. */
    boolean end() {
        return answer.complete(Optional.empty());
    }

    /** Calls back once it has ended, however. */
    void whenEnded(Runnable task) {
        answer.whenComplete((payload, error) -> task.run());
    }

    private synchronized boolean letGo() {
        return --holders == 0;
    }

    private synchronized boolean remove(String group) {
        return (awaited.remove(group) || probing) && awaited.isEmpty();
    }
}
