package dev.slackline.backend.redis;

import dev.slackline.queue.ConsumeException;
import dev.slackline.queue.PublishException;
import dev.slackline.queue.QueueClosedException;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.QueueException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says what went wrong with the server, for people, and whether it may go away by itself. */
final class Failures {

    private final RedisSettings settings;

    Failures(RedisSettings settings) {
        this.settings = settings;
    }

    PublishException publish(String what, boolean retryable, @Nullable Throwable cause) {
        return new PublishException(
                "not stored: " + what + where(), RedisProvider.NAME, settings.stream(), retryable, cause);
    }

    ConsumeException consume(String what, boolean retryable, @Nullable Throwable cause) {
        return new ConsumeException(what + where(), RedisProvider.NAME, settings.stream(), retryable, cause);
    }

    ConsumeException undeclared(String group) {
        return consume("the group '" + group + "' is not declared; declare it first", false, null);
    }

    ConsumeException dropped(String group) {
        return consume("the group '" + group + "' was dropped", false, null);
    }

    QueueConnectionException connection(String what, boolean retryable, @Nullable Throwable cause) {
        return new QueueConnectionException(what + where(), RedisProvider.NAME, settings.stream(), retryable, cause);
    }

    QueueClosedException closed() {
        return new QueueClosedException(RedisProvider.NAME, settings.stream());
    }

    /** Why a publish failed. */
    QueueException published(Throwable cause) {
        Throwable real = unwrapped(cause);
        return real instanceof QueueException known ? known : publish(describe(real), !refused(real), real);
    }

    /** Why something else that was asked of the server failed. */
    QueueException asked(String what, Throwable cause) {
        Throwable real = unwrapped(cause);
        return real instanceof QueueException known
                ? known
                : consume(what + ": " + describe(real), !refused(real), real);
    }

    /** Whether the server said no, and will say so again until somebody changes something. */
    static boolean refused(Throwable cause) {
        return credentials(cause)
                || said(cause, "NOPERM")
                || said(cause, "DB index")
                || said(cause, "WRONGTYPE")
                || said(cause, "unknown command")
                || untrusted(cause);
    }

    /** Whether the server answers, and takes no writes for now. */
    static boolean takesNoWrites(Throwable cause) {
        return said(cause, "OOM ") || said(cause, "MISCONF") || said(cause, "NOREPLICAS");
    }

    /** Whether another connection is to be made: this one leads to a server that is not the one that writes. */
    static boolean elsewhere(Throwable cause) {
        return said(cause, "READONLY") || said(cause, "MASTERDOWN") || said(cause, "MOVED ");
    }

    static boolean isUnknownScript(Throwable cause) {
        return said(cause, "NOSCRIPT");
    }

    String describe(Throwable cause) {
        if (credentials(cause)) {
            return "the server refuses the user '" + settings.user() + "' or its password; check "
                    + RedisSettings.URL.name() + " and " + RedisSettings.PASSWORD.name();
        }
        if (untrusted(cause)) {
            return "the server's certificate is not trusted, or not made for " + settings.host()
                    + ", or it speaks no TLS there; check " + RedisSettings.SSL_CA.name() + " and "
                    + RedisSettings.URL.name();
        }
        return has(cause, RedisCommandExecutionException.class::isInstance) ? answered(cause) : unreachable(cause);
    }

    private String answered(Throwable cause) {
        String said = text(cause);
        if (said.contains("NOPERM")) {
            return "the user '" + settings.user() + "' lacks a permission (" + said
                    + "); docs/redis.md names those it needs: ACL SETUSER";
        }
        if (said.contains("DB index")) {
            return "the server has no database " + settings.database() + "; check " + RedisSettings.URL.name();
        }
        if (said.contains("WRONGTYPE")) {
            return "a key of this topic exists already and is of another type (" + said + "); choose another "
                    + RedisSettings.STREAM.name() + ", or delete that key";
        }
        if (said.contains("OOM ")) {
            return "the server's memory is used up; raise its maxmemory, or let consumers work the backlog off";
        }
        if (said.contains("MISCONF")) {
            return "the server cannot write to its disk and takes nothing until it can (" + said + ")";
        }
        if (said.contains("NOREPLICAS")) {
            return "the server has fewer replicas than its min-replicas-to-write demands";
        }
        if (elsewhere(cause)) {
            return "this server is not the one that takes writes (" + said + "); name the master in "
                    + RedisSettings.URL.name();
        }
        if (said.contains("LOADING")) {
            return "the server is still loading its data";
        }
        return "the server answered: " + said;
    }

    private static String unreachable(Throwable cause) {
        if (has(cause, ConnectException.class::isInstance)) {
            return "the server cannot be reached (connection refused); is it running?";
        }
        if (has(cause, UnknownHostException.class::isInstance)) {
            return "the server cannot be reached: nobody knows its host name; check " + RedisSettings.URL.name();
        }
        if (has(cause, TimeoutException.class::isInstance)
                || has(cause, RedisCommandTimeoutException.class::isInstance)) {
            return "the server does not answer";
        }
        Throwable root = root(cause);
        return root instanceof RedisException
                ? "the connection to the server was lost (" + root.getMessage() + ")"
                : "the connection to the server failed: " + root;
    }

    /** What lies in a stage's failure. */
    static Throwable unwrapped(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    private static boolean credentials(Throwable cause) {
        return said(cause, "WRONGPASS")
                || said(cause, "NOAUTH")
                || said(cause, "invalid password")
                || said(cause, "invalid username-password")
                || said(cause, "without any password configured")
                || said(cause, "no password is set");
    }

    private static boolean untrusted(Throwable cause) {
        return has(cause, CertificateException.class::isInstance) || has(cause, SSLException.class::isInstance);
    }

    private static boolean said(Throwable cause, String what) {
        return has(
                cause,
                e -> e instanceof RedisCommandExecutionException
                        && String.valueOf(e.getMessage()).contains(what));
    }

    private static String text(Throwable cause) {
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (e instanceof RedisCommandExecutionException) {
                return String.valueOf(e.getMessage());
            }
        }
        return String.valueOf(cause);
    }

    private static Throwable root(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static boolean has(Throwable cause, Predicate<Throwable> what) {
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (what.test(e)) {
                return true;
            }
        }
        return false;
    }

    private String where() {
        return " (backend " + RedisProvider.NAME + ", " + settings.place() + ")";
    }
}
