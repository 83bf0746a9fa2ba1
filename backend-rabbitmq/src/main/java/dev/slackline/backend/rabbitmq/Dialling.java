package dev.slackline.backend.rabbitmq;

import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.impl.ForgivingExceptionHandler;
import dev.slackline.queue.config.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How connections are made: whereto, as whom, and with which certificates trusted. Immutable. */
final class Dialling {

    private static final Logger log = LoggerFactory.getLogger(Dialling.class);
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration HANDSHAKE = Duration.ofSeconds(4);
    private static final Duration CALL = Duration.ofSeconds(10);
    /** Two of these without a sign of life end a connection: a silent broker is noticed within some 11 seconds. */
    private static final int HEARTBEAT_SECONDS = 5;

    private final RabbitMqSettings settings;
    private final @Nullable SSLContext tls;

    private Dialling(RabbitMqSettings settings, @Nullable SSLContext tls) {
        this.settings = settings;
        this.tls = tls;
    }

    /**
     * Reads the certificates.
     *
     * @throws ConfigurationException if they cannot be read
     */
    static Dialling by(RabbitMqSettings settings) {
        return new Dialling(settings, settings.tls() ? context(settings.certificates()) : null);
    }

    boolean isSecure() {
        return tls != null;
    }

    ConnectionFactory factory(Threads threads) {
        ConnectionFactory factory = new Frames.Factory(threads.library(), tls);
        factory.setHost(settings.host());
        factory.setPort(settings.port());
        factory.setUsername(settings.username());
        factory.setPassword(settings.password());
        factory.setVirtualHost(settings.virtualHost());
        factory.setAutomaticRecoveryEnabled(false);
        factory.setTopologyRecoveryEnabled(false);
        factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
        factory.setConnectionTimeout((int) CONNECT.toMillis());
        factory.setHandshakeTimeout((int) HANDSHAKE.toMillis());
        factory.setChannelRpcTimeout((int) CALL.toMillis());
        factory.setShutdownTimeout((int) Duration.ofSeconds(1).toMillis());
        factory.setSharedExecutor(threads.library());
        factory.setThreadFactory(threads.factory());
        factory.setExceptionHandler(new Quietly());
        return factory;
    }

    /** Whoever is concerned hears of a lost connection by itself. */
    private static final class Quietly extends ForgivingExceptionHandler {
        @Override
        protected void log(String message, Throwable error) {
            log.debug("{}", message, error);
        }
    }

    private static SSLContext context(String file) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(file.isEmpty() ? null : authorities(Path.of(file)));
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new ConfigurationException(RabbitMqSettings.TLS_CA.name() + ": the file '" + file
                    + "' cannot be read as certificates in PEM: " + e.getMessage());
        }
    }

    private static KeyStore authorities(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(file)) {
            int number = 0;
            for (Certificate authority : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("authority-" + number++, authority);
            }
            if (number == 0) {
                throw new IOException("it holds none");
            }
        }
        return store;
    }
}
