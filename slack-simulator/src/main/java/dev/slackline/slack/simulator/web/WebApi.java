package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Grant;
import dev.slackline.slack.simulator.state.World;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What each method answers to whom: token, scope and rate limit are looked at before it works. Thread-safe. */
public final class WebApi {

    /** Those that need no token. */
    private static final Set<String> OPEN = Set.of("api.test", "oauth.v2.access");

    private static final String CONNECT = "apps.connections.open";

    private final World world;
    private final RateLimits limits;
    private final Map<String, Method> methods = new HashMap<>();

    /**
     * The methods over a world.
     *
     * @param socketUrl a new address for Socket Mode
     * @param baseUrl where files are
     * @param later for what is scheduled
     */
    public WebApi(World world, RateLimits limits, Supplier<String> socketUrl, String baseUrl, Later later) {
        this.world = world;
        this.limits = limits;
        List.of(
                        new AppMethods(socketUrl),
                        new ChatMethods(),
                        new ScheduleMethods(later),
                        new HistoryMethods(),
                        new ConversationMethods(),
                        new MembershipMethods(),
                        new UserMethods(),
                        new FileMethods(baseUrl),
                        new SearchMethods(),
                        new ShelfMethods(),
                        new UserGroupMethods(),
                        new CanvasMethods(baseUrl),
                        new ListMethods(baseUrl),
                        new OAuthMethods(),
                        new ReactionMethods(),
                        new ViewMethods())
                .forEach(family -> family.register(methods));
    }

    /** The names of all methods. */
    public Set<String> names() {
        return Set.copyOf(methods.keySet());
    }

    /**
     * An answer, or that it is too early for one.
     *
     * @param retryAfter how long the caller has to wait; zero if not
     */
    record Answer(ObjectNode json, Duration retryAfter) {}

    /**
     * Calls a method.
     *
     * @param header the token of the Authorization header; null if there is none
     * @param token that one, or else the one among the arguments; null if there is none
     */
    Answer call(String name, @Nullable String header, @Nullable String token, Arguments arguments) {
        try {
            Method method = methods.get(name);
            if (method == null) {
                throw new SlackError("unknown_method", answer -> answer.put("req_method", name));
            }
            Grant grant = OPEN.contains(name) ? anybody() : authenticate(name, header, token);
            if (!grant.allows(method.scope())) {
                throw missing(method, grant);
            }
            Call call = new Call(world, grant, token == null ? "" : token, arguments);
            Duration wait = limits.take(name, method, call);
            if (!wait.isZero()) {
                return new Answer(new SlackError("ratelimited").answer(), wait);
            }
            synchronized (grant.workspace()) {
                return new Answer(method.work().apply(call), Duration.ZERO);
            }
        } catch (SlackError e) {
            return new Answer(e.answer(), Duration.ZERO);
        }
    }

    /** The workspace of a token; empty if it is not good. */
    String team(@Nullable String token) {
        Grant grant = token == null ? null : world.grants().find(token);
        return grant == null ? "" : grant.workspace().id();
    }

    /** The scopes of a token, as a header of the answer; empty if it is not good. */
    String scopes(@Nullable String token) {
        Grant grant = token == null ? null : world.grants().find(token);
        return grant == null ? "" : String.join(",", grant.scopes());
    }

    private Grant authenticate(String name, @Nullable String header, @Nullable String token) {
        String used = name.equals(CONNECT) ? header : token;
        if (used == null) {
            throw new SlackError("not_authed");
        }
        Grant grant = world.grants().find(used);
        if (grant == null) {
            throw new SlackError(world.grants().error(used));
        }
        boolean ofApp = grant.kind() == Grant.Kind.APP;
        if (ofApp != needsAppToken(name)) {
            throw new SlackError("not_allowed_token_type");
        }
        return grant;
    }

    private static boolean needsAppToken(String name) {
        return name.equals(CONNECT) || name.equals("apps.event.authorizations.list");
    }

    private Grant anybody() {
        var workspace = world.workspaces().get(0);
        return new Grant(Grant.Kind.APP, workspace, workspace.bot(), Set.of());
    }

    private static SlackError missing(Method method, Grant grant) {
        return new SlackError(
                "missing_scope",
                answer -> answer.put("needed", method.scope()).put("provided", String.join(",", grant.scopes())));
    }
}
