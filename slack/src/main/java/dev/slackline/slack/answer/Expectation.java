package dev.slackline.slack.answer;

import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One message, and the answer that may come for its acknowledgement. Thread-safe. */
public interface Expectation {

    /** What to store: the message, with where to answer to in its headers if an answer is welcome. */
    Message message();

    /**
     * What to put into the acknowledgement: a JSON object, or empty for a plain one. Completes within the time that began
     * when the message arrived, and never fails; it is complete already when nobody is waited for. An answer that comes
     * after that is refused, and whoever gave it is told. What depends on it must not block.
     */
    CompletionStage<Optional<Payload>> answer();

    /** The message was not stored: nobody will answer. */
    void abandon();

    /** No answer is expected, and none would be taken. */
    static Expectation nothing(Message message) {
        return new Expectation() {
            @Override
            public Message message() {
                return message;
            }

            @Override
            public CompletionStage<Optional<Payload>> answer() {
                return CompletableFuture.completedFuture(Optional.empty());
            }

            @Override
            public void abandon() {
                // there is nothing to give up
            }
        };
    }
}
