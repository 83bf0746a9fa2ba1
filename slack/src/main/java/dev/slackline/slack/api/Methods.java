package dev.slackline.slack.api;

import dev.slackline.slack.api.SlackTokens.Kind;
import java.util.Set;
import java.util.regex.Pattern;

/** What must be known of a method to call it. */
final class Methods {

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*(\\.[A-Za-z0-9_]+)+");

    /** Whole families that take no bot token. */
    private static final Set<String> OF_USERS =
            Set.of("admin", "search", "reminders", "stars", "openid", "audit", "discovery");

    private static final Set<String> BY_USERS = Set.of(
            "dnd.endDnd",
            "dnd.endSnooze",
            "dnd.setSnooze",
            "files.revokePublicURL",
            "files.sharedPublicURL",
            "team.accessLogs",
            "team.billableInfo",
            "team.integrationLogs",
            "users.deletePhoto",
            "users.identity",
            "users.profile.set",
            "users.setPhoto");

    private Methods() {}

    /**
     * Checks a name, which goes into an address.
     *
     * @throws IllegalArgumentException if it can be no method's
     */
    static String requireName(String method) {
        if (!NAME.matcher(method).matches()) {
            throw new IllegalArgumentException("a method is named as chat.postMessage is");
        }
        return method;
    }

    static Kind kind(String method) {
        String family = method.substring(0, method.indexOf('.'));
        return OF_USERS.contains(family) || BY_USERS.contains(method) ? Kind.USER : Kind.BOT;
    }
}
