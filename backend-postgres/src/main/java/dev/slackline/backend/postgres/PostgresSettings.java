package dev.slackline.backend.postgres;

import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the operator chose.
 *
 * @param user who we are there; empty: as the URL says
 * @param password of that user; empty: as the URL says
 * @param schema the schema of the topic
 * @param certificates the file with the certificates to trust; empty for those of the JDK
 * @param poll how often a waiting consumer looks for messages where the server cannot call it
 */
record PostgresSettings(
        Target target, String user, String password, String schema, boolean tls, String certificates, Duration poll) {

    private static final Pattern SCHEMA_NAME = Pattern.compile("[a-z_][a-z0-9_]{0,47}");

    static final Setting<Target> URL = new Setting<>(
            "POSTGRES_URL",
            "secret",
            null,
            true,
            "The database: postgresql://user@host:5432/database; several hosts may be named, separated by commas.",
            Target::parse);

    static final Setting<String> USER =
            Setting.text("POSTGRES_USER", "", "Who we are there; empty: the user that the URL names.");

    static final Setting<String> PASSWORD =
            Setting.secret("POSTGRES_PASSWORD", "", "The password of that user; empty: the one in the URL, if any.");

    static final Setting<String> SCHEMA = new Setting<>(
            "POSTGRES_SCHEMA",
            "text",
            "slack_events",
            false,
            "The schema that holds the topic; it is made if need be, and best holds nothing else.",
            PostgresSettings::requireSchema);

    static final Setting<Boolean> TLS = Setting.bool(
            "POSTGRES_TLS", false, "Whether to insist on TLS; the certificate of the server and its name are checked.");

    static final Setting<String> TLS_CA = Setting.text(
            "POSTGRES_TLS_CA",
            "",
            "A PEM file with the certificates of the authorities to trust; empty: those that the JDK trusts.");

    static final Setting<Duration> POLL = Setting.duration(
            "POSTGRES_POLL",
            "200ms",
            Duration.ofMillis(10),
            Duration.ofMinutes(1),
            "How often a waiting consumer looks for messages behind PgBouncer; without it the server calls.");

    static final List<Setting<?>> ALL = List.of(URL, USER, PASSWORD, SCHEMA, TLS, TLS_CA, POLL);

    /** Takes the values from parsed settings. */
    static PostgresSettings from(Settings settings) {
        return new PostgresSettings(
                settings.get(URL),
                settings.get(USER),
                settings.get(PASSWORD),
                settings.get(SCHEMA),
                settings.get(TLS),
                settings.get(TLS_CA),
                settings.get(POLL));
    }

    /** Where it connects to, for people. */
    String place() {
        return target.place() + ", schema " + schema;
    }

    @Override
    public String toString() {
        return "PostgresSettings[" + place() + "]";
    }

    static String requireSchema(String name) {
        if (!SCHEMA_NAME.matcher(name).matches() || name.startsWith("pg_")) {
            throw new IllegalArgumentException(
                    "use 1 to 48 lower-case letters, digits and '_', not beginning with a digit or pg_");
        }
        return name;
    }
}
