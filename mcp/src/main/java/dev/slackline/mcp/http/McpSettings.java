package dev.slackline.mcp.http;

import dev.slackline.mcp.oauth.OAuthSettings;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an MCP server over HTTP asks of its clients. {@link #toString()} hides the tokens.
 *
 * @param tokens as {@link #AUTH_TOKEN} has them
 * @param allowedHosts names besides those of this machine that requests may be sent to
 * @param allowedOrigins web origins besides the server's own that requests may come from
 * @param maxBody the largest request, in bytes; a larger one is answered 413
 * @param rateLimit how many requests a second one client may make in the long run; 0 for any number
 * @param oauth whose access tokens are taken besides; empty for nobody's
 */
public record McpSettings(
        List<String> tokens,
        List<String> allowedHosts,
        List<String> allowedOrigins,
        int maxBody,
        int rateLimit,
        Optional<OAuthSettings> oauth) {

    private static final long MEBIBYTE = 1 << 20;

    /** {@link #tokens()}. */
    public static final Setting<List<String>> AUTH_TOKEN = Setting.secretList(
            "MCP_AUTH_TOKEN",
            "",
            "The bearer tokens of MCP clients: 'token', or 'name:token' to tell them apart in the log, or"
                    + " 'name/read:token' for one that may only read. Needed, or MCP_OAUTH_ISSUER, unless HTTP_HOST is a loopback address.");

    /** {@link #allowedHosts()}. */
    public static final Setting<List<String>> ALLOWED_HOSTS = Setting.list(
            "MCP_ALLOWED_HOSTS",
            "",
            "Host names that MCP clients may use besides localhost, such as that of a proxy in front; with tokens, any"
                    + " if there is none here.");

    /** {@link #allowedOrigins()}. */
    public static final Setting<List<String>> ALLOWED_ORIGINS = Setting.list(
            "MCP_ALLOWED_ORIGINS", "", "Web origins, as https://agents.example.org, whose pages may be MCP clients.");

    /** {@link #maxBody()}. */
    public static final Setting<Long> MAX_BODY = Setting.size(
            "MCP_MAX_BODY", "4MiB", 1024, 64 * MEBIBYTE, "The largest MCP request; a larger one is answered 413.");

    /** {@link #rateLimit()}. */
    public static final Setting<Integer> RATE_LIMIT = Setting.integer(
            "MCP_RATE_LIMIT",
            100,
            0,
            1_000_000,
            "How many requests a second one MCP client may make; ten times as many at once, then 429. 0 for any number.");

    /** Whether the tools that conformance suites call are there as well. */
    public static final Setting<Boolean> CONFORMANCE_FIXTURES = Setting.bool(
            "MCP_CONFORMANCE_FIXTURES",
            false,
            "Offer the tools, resources and prompts that the protocol's conformance suite calls. For tests alone.");

    /** Every setting, in the order in which they are shown. */
    public static final List<Setting<?>> ALL = Stream.of(
                    List.of(AUTH_TOKEN),
                    OAuthSettings.ALL,
                    List.of(ALLOWED_HOSTS, ALLOWED_ORIGINS, MAX_BODY, RATE_LIMIT, CONFORMANCE_FIXTURES))
            .<Setting<?>>flatMap(List::stream)
            .toList();

    /** Copies the lists. */
    public McpSettings {
        tokens = List.copyOf(tokens);
        allowedHosts = List.copyOf(allowedHosts);
        allowedOrigins = List.copyOf(allowedOrigins);
    }

    /** Without OAuth. */
    public McpSettings(
            List<String> tokens, List<String> allowedHosts, List<String> allowedOrigins, int maxBody, int rateLimit) {
        this(tokens, allowedHosts, allowedOrigins, maxBody, rateLimit, Optional.empty());
    }

    /**
     * Takes the values from parsed settings, which must include {@link #ALL}.
     *
     * @throws ConfigurationException if two tokens are the same, or one is empty, or OAuth is set by half
     */
    public static McpSettings from(Settings settings) {
        McpSettings mcp = new McpSettings(
                settings.get(AUTH_TOKEN),
                settings.get(ALLOWED_HOSTS),
                settings.get(ALLOWED_ORIGINS),
                settings.get(MAX_BODY).intValue(),
                settings.get(RATE_LIMIT),
                OAuthSettings.from(settings));
        Tokens.of(mcp.tokens);
        return mcp;
    }

    /** Whether clients at this address can be told from strangers: it is of this machine alone, or asks for tokens. */
    public boolean isSafeOn(String host) {
        return asksForTokens() || isLoopback(host);
    }

    /** Whether a client must show a token, wherever it is. */
    boolean asksForTokens() {
        return !tokens.isEmpty() || oauth.isPresent();
    }

    /**
     * Refuses to be open to strangers.
     *
     * @throws ConfigurationException saying what to set
     */
    public void requireSafe(String host) {
        if (!isSafeOn(host)) {
            throw new ConfigurationException(AUTH_TOKEN.name() + " is not set, and HTTP_HOST=" + host
                    + " lets others reach this server. Set it to a long random token for each client, as in"
                    + " 'ada:…,ci/read:…', or set " + OAuthSettings.ISSUER.name()
                    + " to an authorization server, or HTTP_HOST to 127.0.0.1");
        }
    }

    static boolean isLoopback(String host) {
        try {
            return host.equals("localhost")
                    || (host.matches("[0-9.]+|\\[?[0-9a-fA-F:]+]?")
                            && InetAddress.getByName(host).isLoopbackAddress());
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "McpSettings[tokens=" + tokens.size() + ", allowedHosts=" + allowedHosts + ", allowedOrigins="
                + allowedOrigins + ", maxBody=" + maxBody + ", rateLimit=" + rateLimit + ", oauth=" + oauth + "]";
    }
}
