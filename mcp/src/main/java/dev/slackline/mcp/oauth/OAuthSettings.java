package dev.slackline.mcp.oauth;

import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whose access tokens are taken, and what they permit. Holds no secret: the keys behind {@code jwksUrl} are public.
 *
 * @param issuer the authorization server, as its tokens name it in {@code iss}
 * @param jwksUrl where it publishes the keys that it signs with
 * @param resource the address of this server as clients see it, which tokens must name in {@code aud}
 * @param readScope the scope of tokens that may read
 * @param writeScope the scope of tokens that may do everything that the server permits
 */
public record OAuthSettings(String issuer, URI jwksUrl, URI resource, String readScope, String writeScope) {

    /** {@link #issuer()}. */
    public static final Setting<String> ISSUER = Setting.text(
            "MCP_OAUTH_ISSUER",
            "",
            "The authorization server whose access tokens (JWT) let MCP clients in, exactly as they name it in iss, such as"
                    + " https://login.example.org. Stands beside MCP_AUTH_TOKEN or in its place.");

    /** {@link #jwksUrl()}. */
    public static final Setting<String> JWKS_URL = Setting.text(
            "MCP_OAUTH_JWKS_URL",
            "",
            "Where that server publishes its keys: jwks_uri in its metadata. Needed with MCP_OAUTH_ISSUER.");

    /** {@link #resource()}. */
    public static final Setting<String> RESOURCE = Setting.text(
            "MCP_OAUTH_RESOURCE",
            "",
            "The address of this server as MCP clients see it, such as https://slackline.example.org/mcp; access tokens must"
                    + " name it in aud. Needed with MCP_OAUTH_ISSUER.");

    /** {@link #readScope()}. */
    public static final Setting<String> READ_SCOPE =
            Setting.text("MCP_OAUTH_READ_SCOPE", "slackline:read", "The scope of access tokens that may read.");

    /** {@link #writeScope()}. */
    public static final Setting<String> WRITE_SCOPE = Setting.text(
            "MCP_OAUTH_WRITE_SCOPE",
            "slackline:write",
            "The scope of access tokens that may do everything that the server permits, reading included.");

    /** Every setting, in the order in which they are shown. */
    public static final List<Setting<?>> ALL = List.of(ISSUER, JWKS_URL, RESOURCE, READ_SCOPE, WRITE_SCOPE);

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    /** What a scope may be made of (RFC 6749, 3.3), which is also what may stand in a header. */
    private static final String SCOPE = "[\\x21\\x23-\\x5B\\x5D-\\x7E]+";

    /**
     * Takes the values from parsed settings, which must include {@link #ALL}.
     *
     * @return empty if no authorization server is named
     * @throws ConfigurationException if one is missing beside the others, or is no address that can be trusted
     */
    public static Optional<OAuthSettings> from(Settings settings) {
        List<String> problems = new ArrayList<>();
        boolean wanted = List.of(ISSUER, JWKS_URL, RESOURCE).stream()
                .anyMatch(setting -> !settings.get(setting).isEmpty());
        if (!wanted) {
            return Optional.empty();
        }
        for (Setting<String> each : List.of(ISSUER, JWKS_URL, RESOURCE)) {
            problem(each, settings.get(each)).ifPresent(problems::add);
        }
        for (Setting<String> each : List.of(READ_SCOPE, WRITE_SCOPE)) {
            if (!settings.get(each).matches(SCOPE)) {
                problems.add(each.name() + ": use one scope, without blanks, quotes and backslashes");
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return Optional.of(new OAuthSettings(
                settings.get(ISSUER),
                URI.create(settings.get(JWKS_URL)),
                URI.create(settings.get(RESOURCE)),
                settings.get(READ_SCOPE),
                settings.get(WRITE_SCOPE)));
    }

    private static Optional<String> problem(Setting<String> setting, String value) {
        if (value.isEmpty()) {
            return Optional.of(setting.name() + " is not set; OAuth needs " + ISSUER.name() + ", " + JWKS_URL.name()
                    + " and " + RESOURCE.name());
        }
        return isTrustworthy(setting, value)
                ? Optional.empty()
                : Optional.of(
                        setting.name() + ": use an address with https, or with http on this machine, without user,"
                                + " query and fragment");
    }

    /** Keys and tokens that come over plain HTTP are anybody's. */
    private static boolean isTrustworthy(Setting<String> setting, String value) {
        try {
            URI address = URI.create(value);
            String host = address.getHost();
            return host != null
                    && address.getRawUserInfo() == null
                    && address.getRawFragment() == null
                    && (address.getRawQuery() == null || setting.equals(JWKS_URL))
                    && ("https".equals(address.getScheme())
                            || ("http".equals(address.getScheme()) && LOOPBACK.contains(host)));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
