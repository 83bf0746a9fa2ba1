package dev.slackline.backend.kafka;

import dev.slackline.queue.ConsumeException;
import dev.slackline.queue.PublishException;
import dev.slackline.queue.QueueClosedException;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.QueueException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/** Says what went wrong with the cluster, for people, and whether it may go away by itself. */
final class Failures {

    private final KafkaSettings settings;

    Failures(KafkaSettings settings) {
        this.settings = settings;
    }

    PublishException publish(String what, boolean retryable, @Nullable Throwable cause) {
        return new PublishException(
                "not stored: " + what + where(), KafkaProvider.NAME, settings.topic(), retryable, cause);
    }

    /** Why a record was not stored. */
    QueueException notStored(Throwable cause) {
        Throwable root = unwrapped(cause);
        if (root instanceof QueueException known) {
            return known;
        }
        return publish(describe(root), !refused(root) && !(root instanceof RecordTooLargeException), root);
    }

    ConsumeException consume(String what, boolean retryable, @Nullable Throwable cause) {
        return new ConsumeException(what + where(), KafkaProvider.NAME, settings.topic(), retryable, cause);
    }

    ConsumeException undeclared(String group) {
        return consume("the group '" + group + "' is not declared; declare it first", false, null);
    }

    ConsumeException otherMode(String group) {
        return consume(
                "the group '" + group + "' was declared with another " + KafkaSettings.MODE.name() + " than "
                        + settings.mode() + "; set that, or drop the group and declare it anew",
                false,
                null);
    }

    ConsumeException dropped(String group) {
        return consume("the group '" + group + "' was dropped", false, null);
    }

    QueueConnectionException connection(String what, boolean retryable, @Nullable Throwable cause) {
        return new QueueConnectionException(what + where(), KafkaProvider.NAME, settings.topic(), retryable, cause);
    }

    /** Why the cluster cannot be used. */
    QueueException connection(Throwable cause) {
        Throwable root = unwrapped(cause);
        return root instanceof QueueException known ? known : connection(describe(root), !refused(root), root);
    }

    QueueClosedException closed() {
        return new QueueClosedException(KafkaProvider.NAME, settings.topic());
    }

    /** Why something that was asked of the cluster failed. */
    QueueException asked(String what, Throwable cause) {
        Throwable root = unwrapped(cause);
        return root instanceof QueueException known
                ? known
                : consume(what + ": " + describe(root), !refused(root), root);
    }

    /** Whether the cluster said no, and will say so again until somebody changes something. */
    static boolean refused(Throwable cause) {
        return has(cause, AuthenticationException.class::isInstance)
                || has(cause, AuthorizationException.class::isInstance)
                || has(cause, InvalidTopicException.class::isInstance)
                || has(cause, PolicyViolationException.class::isInstance)
                || has(cause, UnsupportedVersionException.class::isInstance);
    }

    static Throwable unwrapped(Throwable error) {
        Throwable cause = error;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    String describe(Throwable cause) {
        if (has(cause, SslAuthenticationException.class::isInstance)) {
            return "the broker's certificate is not trusted, or not made for the host of "
                    + KafkaSettings.BOOTSTRAP_SERVERS.name() + "; check " + PassedOn.variable("ssl.truststore.location")
                    + " (" + said(cause) + ")";
        }
        if (has(cause, AuthenticationException.class::isInstance)) {
            return "the broker refuses who we say we are (" + said(cause) + "); check "
                    + PassedOn.variable("sasl.jaas.config") + ", " + PassedOn.variable("sasl.mechanism") + " and "
                    + PassedOn.variable("security.protocol");
        }
        if (cause instanceof TopicAuthorizationException refusal) {
            return "a permission on " + refusal.unauthorizedTopics()
                    + " is missing; allow Create, Describe, DescribeConfigs, Read and Write on topics that start with "
                    + settings.topic() + ", and Describe and Read on groups that do";
        }
        if (has(cause, AuthorizationException.class::isInstance)) {
            return "a permission is missing (" + said(cause) + "); allow Create, Describe, DescribeConfigs, Read and"
                    + " Write on topics that start with " + settings.topic()
                    + ", and Describe and Read on groups that do";
        }
        if (cause instanceof NotEnoughReplicasException || cause instanceof NotEnoughReplicasAfterAppendException) {
            return "fewer replicas are in sync than min.insync.replicas asks for";
        }
        if (cause instanceof InvalidReplicationFactorException) {
            return "the cluster has too few brokers for the replicas that " + KafkaSettings.REPLICATION.name()
                    + " asks for (" + said(cause) + ")";
        }
        if (cause instanceof RecordTooLargeException) {
            return "the message is larger than the topic's max.message.bytes or the client's max.request.size allow";
        }
        if (cause instanceof TimeoutException) {
            return "the broker does not answer (" + said(cause) + "); is it running, and is it where "
                    + KafkaSettings.BOOTSTRAP_SERVERS.name() + " says?";
        }
        return "Kafka says " + said(cause);
    }

    private static boolean has(Throwable cause, Predicate<Throwable> what) {
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (what.test(e)) {
                return true;
            }
        }
        return false;
    }

    private static String said(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private String where() {
        return " (backend " + KafkaProvider.NAME + ", " + settings.place() + ")";
    }
}
