package dev.slackline.mcp.http;

import dev.slackline.mcp.Caller;
import dev.slackline.mcp.oauth.AccessTokens;
import dev.slackline.mcp.oauth.AccessTokens.Verdict;
import dev.slackline.mcp.oauth.ProtectedResource;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
     * @param beyond how a request is answered that its caller may not make, but could with another token; null if there
     *     is no such token
     */
    record Decision(
            @Nullable Caller caller,
            @Nullable Refusal refusal,
            @Nullable Refusal beyond) {}

    private final Tokens tokens;
    private final List<String> hosts;
    private final List<String> origins;
    private final RateLimit limit;
    private final boolean asks;
    private final Optional<Authority> authority;

    /** Where access tokens come from. */
    private record Authority(AccessTokens tokens, ProtectedResource resource) {}

    Guard(McpSettings settings, InstantSource clock) {
        asks = settings.asksForTokens();
        authority = settings.oauth()
                .map(oauth ->
                        new Authority(new AccessTokens(oauth, clock), new ProtectedResource(oauth, McpDoor.PATH)));
        tokens = Tokens.of(settings.tokens());
        hosts = settings.allowedHosts().stream().map(Guard::lower).toList();
        origins = settings.allowedOrigins().stream().map(Guard::lower).toList();
        limit = new RateLimit(settings.rateLimit(), System::nanoTime);
    }

    /** Never blocks; what it answers fails only if something is broken. */
    CompletionStage<Decision> decide(Request request) {
        String host = request.getHeaders().get(HttpHeader.HOST);
        if (host == null || !isAllowedHost(hostName(host))) {
            return soon(refused(new Refusal(403, "this server is not meant by that Host; see MCP_ALLOWED_HOSTS")));
        }
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        if (origin != null && !isAllowedOrigin(origin, host)) {
            return soon(refused(
                    new Refusal(403, "pages of that Origin may not call this server; see MCP_ALLOWED_ORIGINS")));
        }
        if (!asks) {
            return soon(counted(new Decision(Caller.LOCAL, null, null), address(request)));
        }
        String token = token(request.getHeaders().get(HttpHeader.AUTHORIZATION));
        Caller known = token == null ? null : tokens.caller(token);
        if (known != null) {
            return soon(counted(new Decision(known, null, null), known.name()));
        }
        return authority
                .map(of -> decide(of, token))
                .orElseGet(() -> soon(refused(
                        challenge("a bearer token is needed, one of MCP_AUTH_TOKEN", "Bearer realm=\"slackline\""))));
    }

    private CompletionStage<Decision> decide(Authority of, @Nullable String token) {
        return token == null
                ? soon(refused(
                        challenge("an access token is needed", of.resource().challenge())))
                : of.tokens().judge(token).thenApply(verdict -> decide(of, verdict));
    }

    private Decision decide(Authority of, Verdict verdict) {
        Refusal beyond = new Refusal(
                403,
                "the token has not the scope for this",
                new HttpField(HttpHeader.WWW_AUTHENTICATE, of.resource().insufficientScope()));
        Caller caller = verdict.caller();
        if (caller != null) {
            return counted(new Decision(caller, null, beyond), caller.name());
        }
        return refused(
                switch (verdict.worth()) {
                    case WITHOUT_SCOPE -> beyond;
                    case UNKNOWN -> new Refusal(503, verdict.reason(), retryAfter(AccessTokens.PAUSE.toSeconds()));
                    default ->
                        challenge(
                                "the access token is not good: " + verdict.reason(),
                                of.resource().invalidToken(verdict.reason()));
                });
    }

    private Decision counted(Decision admitted, String client) {
        Duration wait = limit.take(client);
        return wait.isZero()
                ? admitted
                : refused(new Refusal(
                        429, "too many requests; wait as long as Retry-After says", retryAfter(wait.toSeconds() + 1)));
    }

    /** What everybody may know of this server, if its tokens come from elsewhere. */
    Optional<ProtectedResource> resource() {
        return authority.map(Authority::resource);
    }

    /** Whether a page of this origin may read the answers: it is named in the settings. */
    boolean isNamed(String origin) {
        return origins.contains(lower(origin));
    }

    private static CompletionStage<Decision> soon(Decision decision) {
        return CompletableFuture.completedFuture(decision);
    }

    private static Decision refused(Refusal refusal) {
        return new Decision(null, refusal, null);
    }

    private static Refusal challenge(String reason, String challenge) {
        return new Refusal(401, reason, new HttpField(HttpHeader.WWW_AUTHENTICATE, challenge));
    }

    private static HttpField retryAfter(long seconds) {
        return new HttpField(HttpHeader.RETRY_AFTER, Long.toString(seconds));
    }

    private static @Nullable String token(@Nullable String authorization) {
        return authorization != null && lower(authorization).startsWith(BEARER)
                ? authorization.substring(BEARER.length()).strip()
                : null;
    }

    /** With tokens and no list, any name will do: a page does not know the token. */
    private boolean isAllowedHost(String name) {
        return McpSettings.isLoopback(name)
                || hosts.contains(name)
                || (asks && hosts.isEmpty())
                || authority
                        .filter(of -> lower(of.resource().host()).equals(name))
                        .isPresent();
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
