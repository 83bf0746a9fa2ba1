package dev.slackline.slack.simulator.state;

import dev.slackline.slack.simulator.delivery.Occurrence;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * A message that was just written.
 *
 * @param message as the channel's history has it
 * @param occurrences what the app is told of it
 */
public record Posted(Channel channel, ObjectNode message, List<Occurrence> occurrences) {

    /** Its time, which is its id. */
    public String ts() {
        return Json.text(message, "ts");
    }
}
