package dev.slackline.slack.simulator.state;

import java.util.Set;

/**
 * The one app that everything is delivered to.
 *
 * @param id as in {@code api_app_id}
 * @param verificationToken the old token inside each payload
 * @param signingSecret what requests are signed with
 * @param appToken for {@code apps.connections.open}
 * @param clientId for {@code oauth.v2.access}
 * @param clientSecret for {@code oauth.v2.access}
 * @param botName the name of its user
 * @param scopes what a token of its bot may do; one scope {@code *} for everything
 */
public record App(
        String id,
        String verificationToken,
        String signingSecret,
        String appToken,
        String clientId,
        String clientSecret,
        String botName,
        Set<String> scopes) {

    /** Keeps secrets out of logs. */
    @Override
    public String toString() {
        return "App[" + id + "]";
    }
}
