package dev.slackline.backend.redis;

import dev.slackline.queue.config.ConfigurationException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.event.DefaultEventPublisherOptions;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManagerFactory;

/**
 * How connections are made: whereto, as whom, and with which certificates trusted. The client library makes none again by
 * itself, and sends nothing twice. Thread-safe.
 */
final class Dialling {

    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration HANDSHAKE = Duration.ofSeconds(4);
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final RedisSettings settings;
    private final ClientResources resources;
    private final RedisClient client;

    /**
     * Reads the certificates.
     *
     * @throws ConfigurationException if they cannot be read
     */
    Dialling(RedisSettings settings, Threads threads) {
        this.settings = settings;
        SslOptions tls = SslOptions.builder()
                .jdkSslProvider()
                .handshakeTimeout(HANDSHAKE)
                .trustManager(trust(settings))
                .build();
        this.resources = ClientResources.builder()
                .threadFactoryProvider(pool -> threads.factory())
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .commandLatencyPublisherOptions(DefaultEventPublisherOptions.disabled())
                .build();
        this.client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder()
                .autoReconnect(false)
                .protocolVersion(ProtocolVersion.RESP2)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .socketOptions(SocketOptions.builder().connectTimeout(CONNECT).build())
                .timeoutOptions(
                        TimeoutOptions.builder().timeoutCommands(false).build()) // a link notices silence by itself
                .sslOptions(tls)
                .build());
    }

    /** Makes a connection. */
    CompletionStage<StatefulRedisConnection<byte[], byte[]>> dial() {
        RedisURI uri = RedisURI.create(settings.host(), settings.port());
        uri.setDatabase(settings.database());
        uri.setTimeout(HANDSHAKE);
        uri.setSsl(settings.tls());
        uri.setVerifyPeer(SslVerifyMode.FULL);
        if (!settings.username().isEmpty()) {
            uri.setAuthentication(settings.username(), settings.password().toCharArray());
        } else if (!settings.password().isEmpty()) {
            uri.setAuthentication(settings.password().toCharArray());
        }
        return client.connectAsync(ByteArrayCodec.INSTANCE, uri);
    }

    /** Runs something when the connection is lost, at once if it is by now. */
    static void onLoss(StatefulRedisConnection<byte[], byte[]> connection, Runnable action) {
        connection.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> gone) {
                action.run();
            }
        });
        if (!connection.isOpen()) {
            action.run();
        }
    }

    /** Ends the threads of the client library, and every connection with them. */
    void close() {
        resources.shutdown(0, CLOSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static TrustManagerFactory trust(RedisSettings settings) {
        String file = settings.certificates();
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(!settings.tls() || file.isEmpty() ? null : authorities(Path.of(file)));
            return trust;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new ConfigurationException(RedisSettings.SSL_CA.name() + ": the file '" + file
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
