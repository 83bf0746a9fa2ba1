package dev.slackline.slack.install;

import dev.slackline.slack.api.SlackApi;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Gets tokens from Slack: for a code that a browser brought, and for a refresh token. Thread-safe. */
final class OAuth {

    private static final String METHOD = "oauth.v2.access";

    private final SlackApi slack;
    private final InstallSettings settings;
    private final InstantSource clock;

    OAuth(SlackApi slack, InstallSettings settings, InstantSource clock) {
        this.slack = slack;
        this.settings = settings;
        this.clock = clock;
    }

    /** Exchanges the code of an installation, which Slack takes once and for ten minutes. */
    CompletableFuture<Installation> installation(String code) {
        Map<String, Object> arguments = credentials();
        arguments.put("code", code);
        if (!settings.redirectUrl().isEmpty()) {
            arguments.put("redirect_uri", settings.redirectUrl());
        }
        Instant now = clock.instant();
        return slack.callWithoutToken(METHOD, arguments).thenApply(answer -> installation(answer, now));
    }

    /** Exchanges a refresh token for the next token. */
    CompletableFuture<Credential> refreshed(Credential old) {
        Map<String, Object> arguments = credentials();
        arguments.put("grant_type", "refresh_token");
        arguments.put("refresh_token", old.refreshToken());
        Instant now = clock.instant();
        return slack.callWithoutToken(METHOD, arguments).thenApply(answer -> required(credential(answer, now)));
    }

    private Map<String, Object> credentials() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("client_id", settings.clientId());
        arguments.put("client_secret", settings.clientSecret());
        return arguments;
    }

    private static Installation installation(Map<String, Object> answer, Instant now) {
        Map<?, ?> team = map(answer, "team");
        Map<?, ?> workspace = team.isEmpty() ? map(answer, "enterprise") : team;
        Map<?, ?> user = map(answer, "authed_user");
        String id = text(workspace, "id");
        if (id.isEmpty()) {
            throw new IllegalStateException(METHOD + " named no workspace");
        }
        return new Installation(
                id,
                text(workspace, "name"),
                required(credential(answer, now)),
                credential(user, now),
                text(user, "id"),
                now);
    }

    private static @Nullable Credential credential(Map<?, ?> answer, Instant now) {
        String token = text(answer, "access_token");
        Instant expiry =
                answer.get("expires_in") instanceof Number seconds ? now.plusSeconds(seconds.longValue()) : null;
        return token.isEmpty() ? null : new Credential(token, text(answer, "refresh_token"), expiry);
    }

    private static Credential required(@Nullable Credential credential) {
        if (credential == null) {
            throw new IllegalStateException(METHOD + " gave no bot token; SLACK_SCOPES must name what the bot may do");
        }
        return credential;
    }

    private static Map<?, ?> map(Map<String, Object> answer, String name) {
        return answer.get(name) instanceof Map<?, ?> map ? map : Map.of();
    }

    private static String text(Map<?, ?> answer, String name) {
        return answer.get(name) instanceof String text ? text : "";
    }
}
