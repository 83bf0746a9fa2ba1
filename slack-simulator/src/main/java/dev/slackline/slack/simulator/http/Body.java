package dev.slackline.slack.simulator.http;

import dev.slackline.slack.simulator.delivery.Occurrence;
import dev.slackline.slack.simulator.state.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/**
 * The body of a request.
 *
 * @param type its content type
 * @param text what is signed and sent, in UTF-8
 */
record Body(String type, String text) {

    private static final String FORM = "application/x-www-form-urlencoded";

    static Body of(Occurrence occurrence) {
        return switch (occurrence.kind()) {
            case EVENT -> json(occurrence.sent());
            case COMMAND -> form(occurrence.sent());
            case INTERACTION -> form(Json.object().put("payload", Json.text(occurrence.sent())));
        };
    }

    static Body json(ObjectNode json) {
        return new Body("application/json", Json.text(json));
    }

    static Body form(ObjectNode fields) {
        String form = fields.properties().stream()
                .map(field -> field.getKey() + "="
                        + URLEncoder.encode(field.getValue().asString(""), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return new Body(FORM, form);
    }

    byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
