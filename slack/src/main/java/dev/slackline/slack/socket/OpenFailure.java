package dev.slackline.slack.socket;

import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** Why a connection could not be opened. Its message holds neither token nor ticket. */
final class OpenFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Slack answers these as long as nobody changes something at its end or at ours. */
    private static final Set<String> LASTING = Set.of(
            "access_denied",
            "account_inactive",
            "deprecated_endpoint",
            "ekm_access_denied",
            "enterprise_is_restricted",
            "forbidden_team",
            "invalid_auth",
            "link_disabled",
            "method_deprecated",
            "missing_scope",
            "no_permission",
            "not_allowed_token_type",
            "not_authed",
            "org_login_required",
            "team_access_not_granted",
            "token_expired",
            "token_revoked",
            "two_factor_setup_required");

    /** With ten connections there is room only when one of them ends. */
    private static final Duration CROWDED = Duration.ofSeconds(30);

    private final boolean lasting;
    private final Duration pause;

    OpenFailure(String message) {
        this(message, false, Duration.ZERO);
    }

    OpenFailure(String message, boolean lasting, Duration pause) {
        super(message);
        this.lasting = lasting;
        this.pause = pause;
    }

    /** Slack says so by name, in an answer of {@code apps.connections.open} or when asking to disconnect. */
    static OpenFailure refused(String error) {
        return refused(error, error.equals("too_many_websockets") ? CROWDED : Duration.ZERO);
    }

    /** {@link #refused(String)}, not to be tried again before the pause is over. */
    static OpenFailure refused(String error, Duration pause) {
        boolean lasting = LASTING.contains(error);
        return new OpenFailure("Slack refuses: " + error + (lasting ? "; " + advice(error) : ""), lasting, pause);
    }

    /** What went wrong, of whatever kind. */
    static OpenFailure of(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return cause instanceof OpenFailure known ? known : new OpenFailure(describe(cause));
    }

    /** A failure for people: what it is and, where that is known to hold no address, what it says. */
    static String describe(Throwable error) {
        if (error instanceof TimeoutException) {
            return "it took too long";
        }
        if (error instanceof WebSocketHandshakeException handshake) {
            return "the WebSocket was refused with status "
                    + handshake.getResponse().statusCode();
        }
        String message = error.getMessage();
        boolean telling = message != null && !message.contains("://") && !message.contains("ticket");
        return error.getClass().getSimpleName() + (telling ? " " + message : "");
    }

    /** Whether trying again is of no use. */
    boolean isLasting() {
        return lasting;
    }

    /** Before when Slack does not want to be asked again. */
    Duration pause() {
        return pause;
    }

    private static String advice(String error) {
        return switch (error) {
            case "link_disabled" ->
                "switch Socket Mode on at https://api.slack.com/apps -> your app -> Socket Mode, and" + " start again";
            case "missing_scope", "no_permission" ->
                "SLACK_APP_TOKEN needs the scope connections:write; make one that" + " has it, and start again";
            case "not_allowed_token_type" ->
                "SLACK_APP_TOKEN must be an app-level token, xapp-…; set it and start again";
            default ->
                "set SLACK_APP_TOKEN to an app-level token that is valid, from https://api.slack.com/apps -> your"
                        + " app -> Basic Information -> App-Level Tokens, and start again";
        };
    }
}
