package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Json;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** What Slack answers as {@code ok:false}. */
final class SlackError extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient ObjectNode answer;

    SlackError(String code) {
        this(code, answer -> {});
    }

    /** One that says more than its code. */
    SlackError(String code, Consumer<ObjectNode> more) {
        super(code, null, false, false);
        answer = Json.object().put("ok", false).put("error", code);
        more.accept(answer);
    }

    ObjectNode answer() {
        return answer;
    }
}
