package dev.slackline.mcp.oauth;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What clients are told of a resource that takes access tokens: where to get one (RFC 9728), and what was wrong with the one
 * that they showed (RFC 6750). Immutable.
 */
public final class ProtectedResource {

    private static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";

    private final OAuthSettings settings;
    private final URI address;
    private final Set<String> paths;

    /**
     * A resource.
     *
     * @param path where it is on this server, which may be elsewhere than a proxy in front shows it
     */
    public ProtectedResource(OAuthSettings settings, String path) {
        this.settings = settings;
        String shown = settings.resource().getRawPath();
        String suffix = shown.equals("/") ? "" : shown;
        this.address = settings.resource().resolve(WELL_KNOWN + suffix);
        this.paths = Set.copyOf(
                List.of(WELL_KNOWN, WELL_KNOWN + path).contains(WELL_KNOWN + suffix)
                        ? List.of(WELL_KNOWN, WELL_KNOWN + path)
                        : List.of(WELL_KNOWN, WELL_KNOWN + path, WELL_KNOWN + suffix));
    }

    /** Whether its metadata is asked for under a path: the well-known one, with or without the path of the resource. */
    public boolean isDescribedAt(String path) {
        return paths.contains(path);
    }

    /** Its metadata, which everybody may see. */
    public Map<String, Object> metadata() {
        return Map.of(
                "resource",
                settings.resource().toString(),
                "resource_name",
                "Slackline",
                "authorization_servers",
                List.of(settings.issuer()),
                "scopes_supported",
                List.of(settings.readScope(), settings.writeScope()),
                "bearer_methods_supported",
                List.of("header"));
    }

    /** The host that clients know it by. */
    public String host() {
        return String.valueOf(settings.resource().getHost());
    }

    /** What goes into {@code WWW-Authenticate} for one that showed no token. */
    public String challenge() {
        return "Bearer realm=\"slackline\", " + whereAndWhat();
    }

    /**
     * What goes there for one whose token is not good.
     *
     * @param reason without quotes
     */
    public String invalidToken(String reason) {
        return error("invalid_token", reason);
    }

    /** What goes there for one whose token is good for less. */
    public String insufficientScope() {
        return error("insufficient_scope", "the token has not the scope for this");
    }

    private String error(String error, String description) {
        return "Bearer realm=\"slackline\", error=\"" + error + "\", error_description=\"" + description + "\", "
                + whereAndWhat();
    }

    private String whereAndWhat() {
        return "resource_metadata=\"" + address + "\", scope=\"" + settings.readScope() + " " + settings.writeScope()
                + "\"";
    }
}
