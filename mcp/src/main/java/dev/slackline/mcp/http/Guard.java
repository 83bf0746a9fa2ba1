package dev.slackline.mcp.http;

import dev.slackline.mcp.Caller;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Decides who gets in. A page in somebody's browser must not reach a server on their own machine, so a request must be
 * meant for this host, and come from no foreign origin. Thread-safe.
 */
final class Guard {

    private static final String BEARER = "bearer ";

    /**
     * Why a request stays outside.
     *
     * @param status of HTTP
     * @param reason for the client
     * @param header what goes with it; null for nothing
     */
    record Refusal(int status, String reason, @Nullable HttpField header) {
        Refusal(int status, String reason) {
            this(status, reason, null);
        }
    }

    /**
     * Who a request is from, or why it stays outside.
     *
     * @param caller null if it stays outside
     */
    record Decision(@Nullable Caller caller, @Nullable Refusal refusal) {}

    private final Tokens tokens;
    private final List<String> hosts;
    private final List<String> origins;
    private final RateLimit limit;

    Guard(McpSettings settings) {
        tokens = Tokens.of(settings.tokens());
        hosts = settings.allowedHosts().stream().map(Guard::lower).toList();
        origins = settings.allowedOrigins().stream().map(Guard::lower).toList();
        limit = new RateLimit(settings.rateLimit(), System::nanoTime);
    }

    Decision decide(Request request) {
        String host = request.getHeaders().get(HttpHeader.HOST);
        if (host == null || !isAllowedHost(hostName(host))) {
            return refused(new Refusal(403, "this server is not meant by that Host; see MCP_ALLOWED_HOSTS"));
        }
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        if (origin != null && !isAllowedOrigin(origin, host)) {
            return refused(new Refusal(403, "pages of that Origin may not call this server; see MCP_ALLOWED_ORIGINS"));
        }
        Caller caller = caller(request.getHeaders().get(HttpHeader.AUTHORIZATION));
        if (caller == null) {
            return refused(new Refusal(
                    401,
                    "a bearer token is needed, one of MCP_AUTH_TOKEN",
                    new HttpField(HttpHeader.WWW_AUTHENTICATE, "Bearer realm=\"slackline\"")));
        }
        Duration wait = limit.take(tokens.areNeeded() ? caller.name() : address(request));
        if (!wait.isZero()) {
            return refused(new Refusal(
                    429,
                    "too many requests; wait as long as Retry-After says",
                    new HttpField(HttpHeader.RETRY_AFTER, Long.toString(wait.toSeconds() + 1))));
        }
        return new Decision(caller, null);
    }

    /** Whether a page of this origin may read the answers: it is named in the settings. */
    boolean isNamed(String origin) {
        return origins.contains(lower(origin));
    }

    private static Decision refused(Refusal refusal) {
        return new Decision(null, refusal);
    }

    private @Nullable Caller caller(@Nullable String authorization) {
        if (!tokens.areNeeded()) {
            return Caller.LOCAL;
        }
        return authorization != null && lower(authorization).startsWith(BEARER)
                ? tokens.caller(authorization.substring(BEARER.length()).strip())
                : null;
    }

    /** With tokens and no list, any name will do: a page does not know the token. */
    private boolean isAllowedHost(String name) {
        return McpSettings.isLoopback(name) || hosts.contains(name) || (hosts.isEmpty() && tokens.areNeeded());
    }

    private boolean isAllowedOrigin(String origin, String host) {
        if (isNamed(origin)) {
            return true;
        }
        try {
            URI page = URI.create(origin);
            String name = page.getHost();
            String authority = page.getAuthority();
            return name != null
                    && authority != null
                    && (McpSettings.isLoopback(lower(name)) || lower(authority).equals(lower(host)));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Without the port. */
    private static String hostName(String host) {
        int end = host.startsWith("[") ? host.indexOf(']') + 1 : host.indexOf(':');
        return lower(end > 0 ? host.substring(0, end) : host);
    }

    private static String address(Request request) {
        SocketAddress address = request.getConnectionMetaData().getRemoteSocketAddress();
        return address instanceof InetSocketAddress internet && internet.getAddress() != null
                ? internet.getAddress().getHostAddress()
                : "local";
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
