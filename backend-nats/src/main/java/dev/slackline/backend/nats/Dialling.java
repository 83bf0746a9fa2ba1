package dev.slackline.backend.nats;

import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.config.ConfigurationException;
import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a connection is made, and what it means when that fails. Thread-safe. */
final class Dialling {

    private static final Logger log = LoggerFactory.getLogger(Dialling.class);
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration PING = Duration.ofSeconds(2);
    private static final int PINGS = 2;
    private static final Duration QUEUE = Duration.ofMillis(500);
    private static final int LONGEST_QUEUE = 50_000;

    private final NatsSettings settings;
    private final Failures failures;
    private final ExecutorService pool;
    private final ScheduledExecutorService timer;
    private final @Nullable SSLContext tls;

    /**
     * Reads the certificates.
     *
     * @throws ConfigurationException if they, or the credentials, cannot be read
     */
    Dialling(NatsSettings settings, Failures failures, ExecutorService pool, ScheduledExecutorService timer) {
        this.settings = settings;
        this.failures = failures;
        this.pool = pool;
        this.timer = timer;
        this.tls = settings.isSecure() ? Tls.trusting(settings.certificates()) : null;
        if (!settings.credentials().isEmpty() && !Files.isReadable(Path.of(settings.credentials()))) {
            throw new ConfigurationException(
                    NatsSettings.CREDS.name() + ": the file '" + settings.credentials() + "' cannot be read");
        }
    }

    /** Who hears of a connection. Calls return at once, and may come before the connection is known. */
    interface Listener {
        void lost(Connection connection, @Nullable Exception why);

        void refused(Connection connection, String error);

        /** A message has come that the library could not read, which has ended the connection. */
        void unreadable();
    }

    /**
     * Makes a connection. It is not made again by itself when it is lost: whoever held it makes another, and everything
     * on it.
     *
     * @throws QueueConnectionException if it cannot be made; not retryable, if the server refuses
     */
    Connection dial(Listener listener) {
        Observer observer = new Observer(listener);
        try {
            Connection made = Nats.connect(options(observer, listener));
            observer.connected = true;
            return made;
        } catch (IOException e) {
            Exception cause = observer.cause;
            throw failed(cause == null ? e : cause, observer.error);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failures.connection("interrupted while connecting", true, e);
        } catch (RuntimeException e) { // credentials that the library cannot parse, for one
            throw failures.connection(
                    "connecting failed: " + e + "; check " + NatsSettings.CREDS.name() + " and "
                            + NatsSettings.URL.name(),
                    false,
                    e);
        }
    }

    private Options options(Observer observer, Listener listener) {
        Options.Builder options = new Options.Builder()
                .servers(settings.addresses())
                .connectionName("slackline " + settings.stream())
                .maxReconnects(0)
                .hostnameResolveMode(Options.HostnameResolveMode.HappyEyeballs) // keeps the name, for TLS to check
                .connectionTimeout(CONNECT)
                .pingInterval(PING)
                .maxPingsOut(PINGS)
                .writeQueuePushTimeout(QUEUE)
                .maxMessagesInOutgoingQueue(LONGEST_QUEUE)
                .executor(pool)
                .readerExecutor(LibraryThreads.watched(pool, listener::unreadable))
                .connectExecutor(pool)
                .callbackExecutor(LibraryThreads.atOnce())
                .scheduledExecutor(timer)
                .connectionListener(observer)
                .errorListener(observer);
        if (tls != null) {
            options.sslContext(tls);
        }
        if (!settings.credentials().isEmpty()) {
            options.authHandler(Nats.credentials(settings.credentials()));
        } else if (!settings.token().isEmpty()) {
            options.token(settings.token().toCharArray());
        } else if (!settings.username().isEmpty()) {
            options.userInfo(
                    settings.username().toCharArray(), settings.password().toCharArray());
        }
        return options.build();
    }

    private QueueConnectionException failed(Exception cause, @Nullable String error) {
        if (cause instanceof AuthenticationException || isAuthentication(error)) {
            return failures.connection(
                    "the server refuses who we are (" + error + "); check " + NatsSettings.URL.name() + ", "
                            + NatsSettings.USERNAME.name() + ", " + NatsSettings.PASSWORD.name() + ", "
                            + NatsSettings.TOKEN.name() + " or " + NatsSettings.CREDS.name(),
                    false,
                    cause);
        }
        if (has(cause, CertificateException.class::isInstance)) {
            return failures.connection(
                    "the server's certificate is not trusted, or not made for its host name; check "
                            + NatsSettings.TLS_CA.name() + " and " + NatsSettings.URL.name(),
                    false,
                    cause);
        }
        if (has(cause, e -> String.valueOf(e.getMessage()).contains("SSL required by server"))) {
            return failures.connection("the server wants TLS; say tls:// in " + NatsSettings.URL.name(), false, cause);
        }
        if (has(cause, e -> String.valueOf(e.getMessage()).contains("SSL connection wanted by client"))) {
            return failures.connection(
                    "the server speaks no TLS; say nats:// in " + NatsSettings.URL.name() + ", or configure TLS there",
                    false,
                    cause);
        }
        return failures.connection(unreachable(cause), true, cause);
    }

    private static String unreachable(Exception cause) {
        if (has(cause, ConnectException.class::isInstance)) {
            return "the server cannot be reached (connection refused); is it running?";
        }
        if (has(cause, UnknownHostException.class::isInstance)) {
            return "the server cannot be reached: nobody knows its host name; check " + NatsSettings.URL.name();
        }
        if (has(cause, e -> e instanceof TimeoutException || e instanceof SocketTimeoutException)) {
            return "the server does not answer";
        }
        return has(cause, SSLException.class::isInstance)
                ? "the TLS handshake failed: " + cause
                : "the connection to the server failed: " + cause.getMessage();
    }

    static boolean isAuthentication(@Nullable String error) {
        return error != null
                && (error.toLowerCase(Locale.ROOT).contains("authorization violation")
                        || error.toLowerCase(Locale.ROOT).contains("authentication"));
    }

    private static boolean has(Throwable cause, Predicate<Throwable> what) {
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (what.test(e)) {
                return true;
            }
        }
        return false;
    }

    /** What the library tells of a connection that is made or lost. */
    private static final class Observer implements ConnectionListener, ErrorListener {

        private final Listener listener;
        private volatile boolean connected;
        private volatile @Nullable Exception cause;
        private volatile @Nullable String error;

        Observer(Listener listener) {
            this.listener = listener;
        }

        @Override
        @SuppressWarnings("deprecation") // it must be there, and is called by the other one alone
        public void connectionEvent(Connection connection, Events type) {}

        @Override
        public void connectionEvent(Connection connection, Events type, Long time, String server) {
            if (connected && (type == Events.DISCONNECTED || type == Events.CLOSED)) {
                listener.lost(connection, cause);
            }
        }

        @Override
        public void errorOccurred(Connection connection, String said) {
            error = said;
            log.debug("the server says error={}", said);
            if (connected) {
                listener.refused(connection, said);
            }
        }

        @Override
        public void exceptionOccurred(Connection connection, Exception thrown) {
            log.debug("in the client library", thrown);
            if (cause == null || !(thrown instanceof TimeoutException)) { // the first tells more
                cause = thrown;
            }
        }

        @Override
        public void slowConsumerDetected(Connection connection, Consumer consumer) {
            log.warn("messages were dropped by the client library; they come again when their lease is over");
        }
    }
}
