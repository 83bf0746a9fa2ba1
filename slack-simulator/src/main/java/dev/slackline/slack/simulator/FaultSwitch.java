package dev.slackline.slack.simulator;

import static dev.slackline.slack.simulator.Control.required;
import static dev.slackline.slack.simulator.Control.text;

import dev.slackline.slack.simulator.socket.DisconnectReason;
import dev.slackline.slack.simulator.socket.SocketFaults;
import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.web.ApiFault;
import java.time.Duration;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** Lets things go wrong by name, for the page and for scripts. */
final class FaultSwitch {

    private final SlackSimulator slack;

    FaultSwitch(SlackSimulator slack) {
        this.slack = slack;
    }

    ObjectNode turn(ObjectNode fields) {
        String fault = required(fields, "fault");
        SocketFaults socket = slack.socketMode().faults();
        int count = Integer.parseInt(text(fields, "count", "1"));
        switch (fault) {
            case "warning", "refresh_requested", "link_disabled", "too_many_websockets" ->
                socket.disconnect(DisconnectReason.valueOf(fault.toUpperCase(Locale.ROOT)));
            case "freeze" -> socket.freeze();
            case "reap" -> socket.reap();
            case "reset" -> socket.reset();
            case "duplicate" -> socket.duplicateNext(count);
            case "ghosts" -> socket.ghosts(count);
            case "refuse" -> socket.refuseNext(count);
            case "lifetime" -> socket.connectionLifetime(Duration.ofSeconds(count));
            case "api" -> slack.apiFaults().next(required(fields, "method"), count, apiFault(fields));
            case "limits" -> slack.rateLimits(count > 0);
            case "none" -> slack.apiFaults().clear();
            default -> throw new IllegalArgumentException("there is no fault " + fault);
        }
        return Json.object().put("connections", slack.socketMode().connections());
    }

    private static ApiFault apiFault(ObjectNode fields) {
        String kind = text(fields, "kind", "server_error");
        int seconds = Integer.parseInt(text(fields, "seconds", "1"));
        return switch (kind) {
            case "rate_limited" -> ApiFault.rateLimited(Duration.ofSeconds(seconds));
            case "server_error" -> ApiFault.serverError();
            case "server_error_afterwards" -> ApiFault.serverErrorAfterwards();
            case "cut" -> ApiFault.cut();
            case "cut_afterwards" -> ApiFault.cutAfterwards();
            case "slow" -> ApiFault.slow(Duration.ofSeconds(seconds));
            default -> ApiFault.error(kind);
        };
    }
}
