package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Grant;
import dev.slackline.slack.simulator.state.Installations;
import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.state.Workspace;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Installing the app, keeping its tokens fresh, and taking them back. */
final class OAuthMethods implements Family {

    @Override
    public void register(Map<String, Method> methods) {
        methods.put("oauth.v2.access", new Method(Method.TIER_4, null, OAuthMethods::access));
        methods.put("auth.revoke", new Method(Method.TIER_3, null, OAuthMethods::revoke));
        methods.put(
                "apps.event.authorizations.list",
                new Method(Method.TIER_4, "authorizations:read", OAuthMethods::authorizations));
    }

    private static ObjectNode access(Call call) {
        var app = call.world().app();
        Arguments arguments = call.arguments();
        if (!arguments.text("client_id").equals(app.clientId())) {
            throw new SlackError("invalid_client_id");
        }
        if (!arguments.text("client_secret").equals(app.clientSecret())) {
            throw new SlackError("bad_client_secret");
        }
        Installations installations = call.world().installations();
        boolean refresh = arguments.text("grant_type").equals("refresh_token");
        Workspace workspace = refresh
                ? installations
                        .refresh(arguments.text("refresh_token"))
                        .orElseThrow(() -> new SlackError("invalid_refresh_token"))
                : installations
                        .exchange(arguments.text("code"), arguments.text("redirect_uri"))
                        .orElseThrow(() -> new SlackError("invalid_code"));
        Installations.Tokens tokens = installations.install(workspace);
        return answer(call, workspace, tokens);
    }

    private static ObjectNode answer(Call call, Workspace workspace, Installations.Tokens tokens) {
        ObjectNode answer = Call.ok()
                .put("app_id", call.world().app().id())
                .put("scope", String.join(",", call.world().app().scopes()))
                .put("token_type", "bot")
                .put("access_token", tokens.access())
                .put("bot_user_id", workspace.bot().id())
                .put("is_enterprise_install", false)
                .putNull("enterprise");
        if (!tokens.refresh().isEmpty()) {
            answer.put("refresh_token", tokens.refresh()).put("expires_in", Installations.LIFE.toSeconds());
        }
        answer.putObject("team").put("id", workspace.id()).put("name", workspace.name());
        answer.putObject("authed_user")
                .put(
                        "id",
                        workspace.users().stream()
                                .filter(user -> !user.isBot())
                                .findFirst()
                                .orElseThrow()
                                .id());
        return answer;
    }

    private static ObjectNode revoke(Call call) {
        if (!call.arguments().flag("test")) {
            call.world().grants().revoke(call.token());
        }
        return Call.ok().put("revoked", !call.arguments().flag("test"));
    }

    private static ObjectNode authorizations(Call call) {
        String context = call.arguments().required("event_context");
        if (!context.startsWith("4-Ev")) {
            throw new SlackError("invalid_event_context");
        }
        ObjectNode answer = Call.ok();
        Workspace workspace = call.workspace();
        answer.putArray("authorizations")
                .addObject()
                .putNull("enterprise_id")
                .put("team_id", workspace.id())
                .put("user_id", workspace.bot().id())
                .put("is_bot", call.grant().kind() != Grant.Kind.USER)
                .put("is_enterprise_install", false);
        return answer.put(
                "has_more", !Json.text(call.arguments().all(), "cursor").isEmpty());
    }
}
