package dev.slackline.backend.rabbitmq;

import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * What the operator chose.
 *
 * @param certificates the file with the certificates to trust; empty for those of the JDK
 * @param consumerTimeout after how long the broker closes the channel of a delivery that is not settled
 */
record RabbitMqSettings(
        String host,
        int port,
        String username,
        String password,
        String virtualHost,
        String exchange,
        boolean tls,
        String certificates,
        Duration consumerTimeout) {

    /** What is left of the 255 bytes of a name when the longest of our endings is taken off. */
    private static final int MAX_EXCHANGE_BYTES = 160;

    static final Setting<String> HOST = Setting.text("MQ_HOST", "localhost", "Where the broker is.");

    static final Setting<Integer> PORT =
            Setting.integer("MQ_PORT", 5672, 1, 65_535, "Its port; with TLS brokers usually listen on 5671.");

    static final Setting<String> USERNAME = Setting.text("MQ_USERNAME", null, "Who we are there.");

    static final Setting<String> PASSWORD = Setting.secret("MQ_PASSWORD", null, "The password of that user.");

    static final Setting<String> VHOST = Setting.text("MQ_VHOST", "/", "The virtual host.");

    static final Setting<String> EXCHANGE = new Setting<>(
            "MQ_EXCHANGE",
            "text",
            "slack_events",
            false,
            "The topic exchange; the names of its queues start with it.",
            RabbitMqSettings::requireExchange);

    static final Setting<Boolean> TLS = Setting.bool(
            "MQ_TLS", false, "Whether to use TLS; the certificate of the broker and its name are then checked.");

    static final Setting<String> TLS_CA = Setting.text(
            "MQ_TLS_CA",
            "",
            "A PEM file with the certificates of the authorities to trust; empty: those that the JDK trusts.");

    static final Setting<Duration> CONSUMER_TIMEOUT = Setting.duration(
            "MQ_CONSUMER_TIMEOUT",
            "30m",
            Duration.ofSeconds(1),
            Duration.ofDays(365),
            "The consumer_timeout of the broker; a delivery held for nearly as long goes back to its group.");

    static final List<Setting<?>> ALL =
            List.of(HOST, PORT, USERNAME, PASSWORD, VHOST, EXCHANGE, TLS, TLS_CA, CONSUMER_TIMEOUT);

    static RabbitMqSettings from(Settings settings) {
        return new RabbitMqSettings(
                settings.get(HOST),
                settings.get(PORT),
                settings.get(USERNAME),
                settings.get(PASSWORD),
                settings.get(VHOST),
                settings.get(EXCHANGE),
                settings.get(TLS),
                settings.get(TLS_CA),
                settings.get(CONSUMER_TIMEOUT));
    }

    /** Where it connects to, for people. */
    String place() {
        return (tls ? "amqps://" : "amqp://") + host + ":" + port + ", virtual host " + virtualHost + ", exchange "
                + exchange;
    }

    @Override
    public String toString() {
        return "RabbitMqSettings[" + username + " at " + place() + "]";
    }

    private static String requireExchange(String name) {
        if (name.startsWith("amq.")) {
            throw new IllegalArgumentException("names that start with 'amq.' are the broker's own");
        }
        if (name.isBlank()
                || name.chars().anyMatch(Character::isISOControl)
                || name.getBytes(StandardCharsets.UTF_8).length > MAX_EXCHANGE_BYTES) {
            throw new IllegalArgumentException("use 1 to " + MAX_EXCHANGE_BYTES + " bytes without control characters");
        }
        return name;
    }
}
