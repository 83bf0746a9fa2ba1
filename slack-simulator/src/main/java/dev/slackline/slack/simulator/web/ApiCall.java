package dev.slackline.slack.simulator.web;

import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/**
 * A call of the Web API that was answered, or cut off.
 *
 * @param method such as {@code chat.postMessage}
 * @param team the workspace of the token; empty if the token is not good
 * @param arguments as they came, without the token
 * @param status the HTTP status; 0 if the connection was cut
 * @param answer what was answered, empty if nothing
 * @param at when it came
 */
public record ApiCall(String method, String team, ObjectNode arguments, int status, ObjectNode answer, Instant at) {

    /** Whether it did what it should, and the caller was told so. */
    public boolean ok() {
        return status == 200 && answer.path("ok").asBoolean(false);
    }

    /** An argument's text, empty if it is missing. */
    public String argument(String name) {
        return arguments.path(name).asString("");
    }
}
