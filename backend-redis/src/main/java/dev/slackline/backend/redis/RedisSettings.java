package dev.slackline.backend.redis;

import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What the operator chose.
 *
 * @param username empty for the server's default user
 * @param password empty for none
 * @param certificates the file with the certificates to trust; empty for those of the JDK
 * @param stream the key of the stream, which is the topic
 */
record RedisSettings(
        String host,
        int port,
        int database,
        String username,
        String password,
        boolean tls,
        String certificates,
        String stream) {

    private static final int MAX_STREAM_BYTES = 200;

    static final Setting<RedisUrl> URL = new Setting<>(
            "REDIS_URL",
            "secret",
            "redis://localhost:6379",
            true,
            "Where the server is: redis://user:password@host:6379/0, or rediss:// with TLS; all but the host may be left"
                    + " out.",
            RedisUrl::parse);

    static final Setting<String> PASSWORD =
            Setting.secret("REDIS_PASSWORD", "", "The password, instead of one in the URL; empty: the one in the URL.");

    static final Setting<Boolean> SSL = Setting.bool(
            "REDIS_SSL",
            false,
            "Whether to use TLS also with redis://; the certificate of the server and its name are then checked.");

    static final Setting<String> SSL_CA = Setting.text(
            "REDIS_SSL_CA",
            "",
            "A PEM file with the certificates of the authorities to trust; empty: those that the JDK trusts.");

    static final Setting<String> STREAM = new Setting<>(
            "REDIS_STREAM",
            "text",
            "slack_events",
            false,
            "The key of the stream; the names of the other keys start with it in braces.",
            RedisSettings::requireStream);

    static final List<Setting<?>> ALL = List.of(URL, PASSWORD, SSL, SSL_CA, STREAM);

    /**
     * Reads them.
     *
     * @throws ConfigurationException if a user has no password
     */
    static RedisSettings from(Settings settings) {
        RedisUrl url = settings.get(URL);
        String password = settings.get(PASSWORD).isEmpty() ? url.password() : settings.get(PASSWORD);
        if (!url.username().isEmpty() && password.isEmpty()) {
            throw new ConfigurationException(URL.name() + " names a user without a password; write"
                    + " redis://user:password@host, redis://:password@host, or set " + PASSWORD.name());
        }
        return new RedisSettings(
                url.host(),
                url.port(),
                url.database(),
                url.username(),
                password,
                url.tls() || settings.get(SSL),
                settings.get(SSL_CA),
                settings.get(STREAM));
    }

    /** Where it connects to, for people. */
    String place() {
        return (tls ? "rediss://" : "redis://") + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/"
                + database + ", stream " + stream;
    }

    /** Who it is there, for people. */
    String user() {
        return username.isEmpty() ? "default" : username;
    }

    @Override
    public String toString() {
        return "RedisSettings[" + user() + " at " + place() + "]";
    }

    /** Braces choose the slot of a key in a cluster; the other keys of the topic have the stream's name in theirs. */
    private static String requireStream(String name) {
        if (name.isBlank()
                || name.contains("{")
                || name.contains("}")
                || name.chars().anyMatch(Character::isISOControl)
                || name.getBytes(StandardCharsets.UTF_8).length > MAX_STREAM_BYTES) {
            throw new IllegalArgumentException(
                    "use 1 to " + MAX_STREAM_BYTES + " bytes without braces and control characters");
        }
        return name;
    }
}
