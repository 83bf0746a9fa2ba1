package dev.slackline.slack;

import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/**
 * Where the HTTP server listens and what it bears.
 *
 * @param host the address to listen on
 * @param port the port; 0 takes any free one
 * @param maxConnections how many connections are open at once; further ones wait to be accepted
 * @param idleTimeout after how long without traffic a connection is closed
 * @param requestTimeout how long a request, head and body, may take to arrive before its connection is cut
 */
public record HttpSettings(String host, int port, int maxConnections, Duration idleTimeout, Duration requestTimeout) {

    /** {@link #host()}. */
    public static final Setting<String> HOST = Setting.text(
            "HTTP_HOST", "127.0.0.1", "The address to listen on; 0.0.0.0 for all. TLS belongs in front of it.");

    /** {@link #port()}. */
    public static final Setting<Integer> PORT =
            Setting.integer("HTTP_PORT", 3000, 0, 65_535, "The port to listen on; 0 takes any free one.");

    /** {@link #maxConnections()}. */
    public static final Setting<Integer> MAX_CONNECTIONS = Setting.integer(
            "HTTP_MAX_CONNECTIONS", 1024, 1, 100_000, "How many connections are open at once; further ones wait.");

    /** {@link #idleTimeout()}. */
    public static final Setting<Duration> IDLE_TIMEOUT = Setting.duration(
            "HTTP_IDLE_TIMEOUT",
            "30s",
            Duration.ofMillis(100),
            Duration.ofHours(1),
            "After how long without traffic a connection is closed.");

    /** {@link #requestTimeout()}. */
    public static final Setting<Duration> REQUEST_TIMEOUT = Setting.duration(
            "HTTP_REQUEST_TIMEOUT",
            "10s",
            Duration.ofMillis(100),
            Duration.ofHours(1),
            "How long a request may take to arrive; a slower client is cut off.");

    /** Every setting, in the order in which they are shown. */
    public static final List<Setting<?>> ALL = List.of(HOST, PORT, MAX_CONNECTIONS, IDLE_TIMEOUT, REQUEST_TIMEOUT);

    /** Takes the values from parsed settings, which must include {@link #ALL}. */
    public static HttpSettings from(Settings settings) {
        return new HttpSettings(
                settings.get(HOST),
                settings.get(PORT),
                settings.get(MAX_CONNECTIONS),
                settings.get(IDLE_TIMEOUT),
                settings.get(REQUEST_TIMEOUT));
    }

    /**
     * Where a server with these settings is reached from outside this process.
     *
     * @param boundPort the port it took
     */
    public URI reachableAt(int boundPort) {
        boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
        String name = everywhere ? localAddress() : host;
        return URI.create("http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + boundPort);
    }

    private static String localAddress() {
        try {
            return InetAddress.getLocalHost().getHostAddress();
        } catch (UnknownHostException e) {
            return InetAddress.getLoopbackAddress().getHostAddress();
        }
    }
}
