package dev.slackline.backend.nats;

import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the operator chose.
 *
 * @param servers where the servers are, with user and password or token where the operator has put them there
 * @param username empty where there is none, as is everything that follows and has no default
 * @param credentials the file of a decentralised user
 * @param certificates the file with the certificates to trust; empty for those of the JDK
 * @param stream the stream of messages; also what its subjects begin with
 * @param replicas on how many servers a stream that is made here is kept
 * @param maxBytes how large a stream of messages that is made here may become; zero for no bound
 */
record NatsSettings(
        List<URI> servers,
        String username,
        String password,
        String token,
        String credentials,
        String certificates,
        String stream,
        int replicas,
        long maxBytes) {

    private static final Pattern STREAM_NAME = Pattern.compile("[A-Za-z0-9_-]{1,100}");
    private static final Set<String> SCHEMES = Set.of("nats", "tls");
    private static final int PORT = 4222;

    static final Setting<List<URI>> URL = new Setting<>(
            "NATS_URL",
            "secret list",
            "nats://localhost:4222",
            true,
            "The servers, separated by commas: nats://host:4222, tls://host:4222; with user:password@ or token@ before"
                    + " the host if you like.",
            NatsSettings::parseServers);

    static final Setting<String> USERNAME = Setting.text("NATS_USERNAME", "", "Who we are there; empty: nobody.");

    static final Setting<String> PASSWORD = Setting.secret("NATS_PASSWORD", "", "The password of that user.");

    static final Setting<String> TOKEN = Setting.secret("NATS_TOKEN", "", "A token instead of user and password.");

    static final Setting<String> CREDS = Setting.text(
            "NATS_CREDS", "", "A credentials file (user JWT and seed) instead of user and password; empty: none.");

    static final Setting<String> TLS_CA = Setting.text(
            "NATS_TLS_CA",
            "",
            "A PEM file with the certificates of the authorities to trust; empty: those that the JDK trusts.");

    static final Setting<String> STREAM = new Setting<>(
            "NATS_STREAM",
            "text",
            "slack_events",
            false,
            "The stream of messages; its subjects, and the names of the two streams beside it, start with it.",
            NatsSettings::requireStream);

    static final Setting<Integer> REPLICAS =
            Setting.integer("NATS_REPLICAS", 1, 1, 5, "On how many servers of a cluster a new stream is kept.");

    static final Setting<Long> MAX_BYTES = Setting.size(
            "NATS_MAX_BYTES",
            "0",
            0,
            Long.MAX_VALUE / 2,
            "How large a new stream of messages may become; a publish that finds it full fails. 0: no bound.");

    static final List<Setting<?>> ALL =
            List.of(URL, USERNAME, PASSWORD, TOKEN, CREDS, TLS_CA, STREAM, REPLICAS, MAX_BYTES);

    static NatsSettings from(Settings settings) {
        NatsSettings chosen = new NatsSettings(
                settings.get(URL),
                settings.get(USERNAME),
                settings.get(PASSWORD),
                settings.get(TOKEN),
                settings.get(CREDS),
                settings.get(TLS_CA),
                settings.get(STREAM),
                settings.get(REPLICAS),
                settings.get(MAX_BYTES));
        chosen.requireOneIdentity();
        return chosen;
    }

    boolean isSecure() {
        return !certificates.isEmpty()
                || servers.stream().anyMatch(server -> server.getScheme().equals("tls"));
    }

    /** Where it connects to, for people: without any secret. */
    String place() {
        return servers.stream()
                        .map(server -> (isSecure() ? "tls://" : "nats://") + host(server))
                        .collect(Collectors.joining(","))
                + ", stream " + stream;
    }

    /** The servers for the client library, with a port each, and the scheme that was meant. */
    String[] addresses() {
        return servers.stream()
                .map(server -> {
                    String user = server.getRawUserInfo();
                    return (isSecure() ? "tls://" : "nats://") + (user == null ? "" : user + "@") + host(server);
                })
                .toArray(String[]::new);
    }

    @Override
    public String toString() {
        return "NatsSettings[" + place() + "]";
    }

    private static String host(URI server) {
        return server.getHost() + ":" + (server.getPort() < 0 ? PORT : server.getPort());
    }

    private void requireOneIdentity() {
        List<String> given = new ArrayList<>();
        if (servers.stream().anyMatch(server -> server.getRawUserInfo() != null)) {
            given.add("the user or token in " + URL.name());
        }
        if (!username.isEmpty()) {
            given.add(USERNAME.name());
        }
        if (!token.isEmpty()) {
            given.add(TOKEN.name());
        }
        if (!credentials.isEmpty()) {
            given.add(CREDS.name());
        }
        if (given.size() > 1) {
            throw new ConfigurationException(
                    String.join(" and ", given) + " are given: say only once who we are at the server");
        }
        if (username.isEmpty() != password.isEmpty()) {
            throw new ConfigurationException(
                    USERNAME.name() + " and " + PASSWORD.name() + " belong together: one of them is not given");
        }
    }

    private static List<URI> parseServers(String text) {
        List<URI> servers = Stream.of(text.split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .map(NatsSettings::parseServer)
                .toList();
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("name at least one server, nats://host:4222");
        }
        return servers;
    }

    private static URI parseServer(String text) {
        try {
            URI server = URI.create(text.contains("://") ? text : "nats://" + text);
            if (server.getHost() != null && SCHEMES.contains(server.getScheme().toLowerCase(Locale.ROOT))) {
                return server;
            }
        } catch (IllegalArgumentException e) {
            // said below, without what was written: it may hold a password
        }
        throw new IllegalArgumentException(
                "use nats://host:port or tls://host:port, and percent-encode what is special in a password");
    }

    private static String requireStream(String name) {
        if (!STREAM_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("use 1 to 100 letters, digits, '_' and '-'");
        }
        if (name.endsWith(Names.DEAD) || name.endsWith(Names.STATE)) {
            throw new IllegalArgumentException(
                    "names that end with " + Names.DEAD + " or " + Names.STATE + " are those of its own streams");
        }
        return name;
    }
}
