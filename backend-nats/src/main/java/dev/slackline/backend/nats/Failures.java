package dev.slackline.backend.nats;

import dev.slackline.queue.ConsumeException;
import dev.slackline.queue.PublishException;
import dev.slackline.queue.QueueClosedException;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.QueueException;
import io.nats.client.api.ApiResponse;
import org.jspecify.annotations.Nullable;

/** Says what went wrong with the server, for people, and whether it may go away by itself. */
final class Failures {

    private static final int NOT_ENABLED = 10076;
    private static final int NOT_ENABLED_FOR_ACCOUNT = 10039;

    private final NatsSettings settings;

    Failures(NatsSettings settings) {
        this.settings = settings;
    }

    PublishException publish(String what, boolean retryable, @Nullable Throwable cause) {
        return new PublishException(
                "not stored: " + what + where(), NatsProvider.NAME, settings.stream(), retryable, cause);
    }

    ConsumeException consume(String what, boolean retryable, @Nullable Throwable cause) {
        return new ConsumeException(what + where(), NatsProvider.NAME, settings.stream(), retryable, cause);
    }

    QueueConnectionException connection(String what, boolean retryable, @Nullable Throwable cause) {
        return new QueueConnectionException(what + where(), NatsProvider.NAME, settings.stream(), retryable, cause);
    }

    ConsumeException undeclared(String group) {
        return consume("the group '" + group + "' is not declared; declare it first", false, null);
    }

    ConsumeException dropped(String group) {
        return consume("the group '" + group + "' was dropped", false, null);
    }

    QueueClosedException closed() {
        return new QueueClosedException(NatsProvider.NAME, settings.stream());
    }

    /** The server has refused a subject to this user. */
    QueueConnectionException forbidden(String error) {
        return connection(
                "the server refuses it (" + error + "); give the user the permissions that docs/nats.md lists",
                false,
                null);
    }

    /** The same, to be tried again. */
    QueueException passing(QueueException why) {
        return why.retryable()
                ? why
                : new QueueConnectionException(String.valueOf(why.getMessage()), why.backend(), why.topic(), true, why);
    }

    /** Nobody answers for JetStream, or for the stream. */
    QueueConnectionException silent(String said) {
        return connection("JetStream does not answer (" + said + "); is it starting, or not enabled?", true, null);
    }

    /** JetStream has answered with an error. */
    QueueException refused(String what, ApiResponse<?> response) {
        int code = response.getApiErrorCode();
        String said = response.getDescription();
        if (code == NOT_ENABLED || code == NOT_ENABLED_FOR_ACCOUNT) {
            return connection(
                    what + ": JetStream is not enabled (" + said
                            + "); start the server with JetStream, and enable it for the account",
                    false,
                    null);
        }
        boolean retryable = response.getErrorCode() >= 500;
        return consume(what + ": the server says '" + said + "' (" + code + ")", retryable, null);
    }

    private String where() {
        return " (backend " + NatsProvider.NAME + ", " + settings.place() + ")";
    }
}
