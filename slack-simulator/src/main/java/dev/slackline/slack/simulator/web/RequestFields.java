package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.UrlEncoded;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a request says: its query and its body, a form or JSON alike. */
public final class RequestFields {

    private RequestFields() {}

    /** Reads a request; a body that is not what it says to be is as none. Waits for the body. */
    public static ObjectNode of(Request request) throws IOException {
        ObjectNode fields = Json.object();
        add(fields, Request.extractQueryParameters(request));
        String type = String.valueOf(request.getHeaders().get(HttpHeader.CONTENT_TYPE));
        String body = Content.Source.asString(request, StandardCharsets.UTF_8);
        if (type.startsWith("application/json")) {
            JsonNode parsed = parse(body);
            if (parsed instanceof ObjectNode object) {
                fields.setAll(object);
            }
        } else {
            Fields form = new Fields(true);
            UrlEncoded.decodeTo(body, form::add, StandardCharsets.UTF_8);
            add(fields, form);
        }
        return fields;
    }

    private static @Nullable JsonNode parse(String body) {
        try {
            return Json.parse(body);
        } catch (JacksonException e) {
            return null; // as no arguments
        }
    }

    private static void add(ObjectNode fields, Fields form) {
        form.forEach(field -> fields.put(field.getName(), field.getValue()));
    }
}
