package dev.slackline.backend.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.ShutdownSignalException;
import dev.slackline.queue.ConsumeException;
import dev.slackline.queue.PublishException;
import dev.slackline.queue.QueueClosedException;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.QueueException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says what went wrong with the broker, for people, and whether it may go away by itself. */
final class Failures {

    private final RabbitMqSettings settings;

    Failures(RabbitMqSettings settings) {
        this.settings = settings;
    }

    PublishException publish(String what, boolean retryable, @Nullable Throwable cause) {
        return new PublishException(
                "not stored: " + what + where(), RabbitMqProvider.NAME, settings.exchange(), retryable, cause);
    }

    ConsumeException consume(String what, boolean retryable, @Nullable Throwable cause) {
        return new ConsumeException(what + where(), RabbitMqProvider.NAME, settings.exchange(), retryable, cause);
    }

    ConsumeException undeclared(String group) {
        return consume("the group '" + group + "' is not declared; declare it first", false, null);
    }

    QueueConnectionException connection(String what, boolean retryable, @Nullable Throwable cause) {
        return new QueueConnectionException(
                what + where(), RabbitMqProvider.NAME, settings.exchange(), retryable, cause);
    }

    QueueClosedException closed() {
        return new QueueClosedException(RabbitMqProvider.NAME, settings.exchange());
    }

    /** Why a connection could not be made, or was lost. */
    QueueConnectionException connection(Throwable cause) {
        return connection(describe(cause), !refused(cause), cause);
    }

    /** Why something that was asked of the broker failed. */
    QueueException asked(String what, Throwable cause) {
        if (cause instanceof QueueException known) {
            return known;
        }
        return consume(what + ": " + describe(cause), !refused(cause), cause);
    }

    /** Whether the broker said no, and will say so again until somebody changes something. */
    static boolean refused(Throwable cause) {
        int code = code(cause);
        return code == AMQP.ACCESS_REFUSED
                || code == AMQP.NOT_ALLOWED
                || (code == AMQP.PRECONDITION_FAILED && !overdue(cause))
                || code == AMQP.COMMAND_INVALID
                || has(cause, AuthenticationFailureException.class::isInstance)
                || untrusted(cause);
    }

    /** Whether a delivery was held for too long: its channel is closed, and another one may be opened at once. */
    private static boolean overdue(Throwable cause) {
        return code(cause) == AMQP.PRECONDITION_FAILED && said(cause).contains("timed out");
    }

    static boolean notFound(Throwable cause) {
        return code(cause) == AMQP.NOT_FOUND;
    }

    static boolean locked(Throwable cause) {
        return code(cause) == AMQP.RESOURCE_LOCKED;
    }

    static boolean forbidden(Throwable cause) {
        return code(cause) == AMQP.ACCESS_REFUSED;
    }

    String describe(Throwable cause) {
        if (has(cause, AuthenticationFailureException.class::isInstance)) {
            return "the broker refuses the user " + settings.username() + "; check " + RabbitMqSettings.USERNAME.name()
                    + " and " + RabbitMqSettings.PASSWORD.name();
        }
        if (untrusted(cause)) {
            return "the broker's certificate is not trusted, or not made for " + settings.host() + "; check "
                    + RabbitMqSettings.TLS_CA.name() + ", " + RabbitMqSettings.HOST.name() + " and "
                    + RabbitMqSettings.PORT.name();
        }
        if (overdue(cause)) {
            return "a delivery was held for longer than the consumer_timeout of the broker (" + said(cause)
                    + "); say in " + RabbitMqSettings.CONSUMER_TIMEOUT.name() + " how long that is";
        }
        return switch (code(cause)) {
            case AMQP.NOT_ALLOWED ->
                "the broker does not let the user " + settings.username() + " into the virtual host "
                        + settings.virtualHost() + " (" + said(cause) + "); check " + RabbitMqSettings.VHOST.name()
                        + ", or create it and give permissions with 'rabbitmqctl set_permissions'";
            case AMQP.ACCESS_REFUSED ->
                "the user " + settings.username() + " lacks a permission (" + said(cause)
                        + "); give configure, write and read with 'rabbitmqctl set_permissions'";
            case AMQP.PRECONDITION_FAILED ->
                "it exists already and is of another kind (" + said(cause)
                        + "); let it run empty and delete it, or choose another " + RabbitMqSettings.EXCHANGE.name();
            case AMQP.NOT_FOUND -> "the broker has no such thing (" + said(cause) + ")";
            case 0 -> unreachable(cause);
            default -> "the broker ended it (" + said(cause) + ")";
        };
    }

    private static String unreachable(Throwable cause) {
        if (has(cause, ConnectException.class::isInstance)) {
            return "the broker cannot be reached (connection refused); is it running?";
        }
        if (has(cause, UnknownHostException.class::isInstance)) {
            return "the broker cannot be reached: nobody knows its host name; check " + RabbitMqSettings.HOST.name();
        }
        if (has(cause, TimeoutException.class::isInstance)) {
            return "the broker does not answer";
        }
        return "the connection to the broker failed: " + cause;
    }

    private static boolean untrusted(Throwable cause) {
        return has(cause, CertificateException.class::isInstance)
                || has(
                        cause,
                        e -> e instanceof SSLException
                                && String.valueOf(e.getMessage()).contains("unrecognized SSL message"));
    }

    private static boolean has(Throwable cause, Predicate<Throwable> what) {
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (what.test(e)) {
                return true;
            }
        }
        return false;
    }

    /** The reply code of the broker, or 0 if it said nothing. */
    private static int code(Throwable cause) {
        Method reason = reason(cause);
        return reason instanceof AMQP.Channel.Close channel
                ? channel.getReplyCode()
                : reason instanceof AMQP.Connection.Close connection ? connection.getReplyCode() : 0;
    }

    private static String said(Throwable cause) {
        Method reason = reason(cause);
        return reason instanceof AMQP.Channel.Close channel
                ? channel.getReplyText()
                : reason instanceof AMQP.Connection.Close connection ? connection.getReplyText() : "nothing";
    }

    private static @Nullable Method reason(Throwable cause) {
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (e instanceof ShutdownSignalException signal) {
                return signal.getReason();
            }
        }
        return null;
    }

    private String where() {
        return " (backend " + RabbitMqProvider.NAME + ", " + settings.place() + ")";
    }
}
