package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A part of a list, and the cursor of the next one. */
final class Page {

    static final int DEFAULT = 100;

    private static final int MAX = 1000;
    private static final String CURSOR = "next:";

    private Page() {}

    /** Adds the part that the arguments {@code cursor} and {@code limit} ask for. */
    static ObjectNode add(
            ObjectNode answer, String field, List<? extends JsonNode> all, Arguments arguments, int limit) {
        return add(answer, field, all, each -> each, arguments, limit);
    }

    /** The same of what is made to be shown only if it is in that part. */
    static <T> ObjectNode add(
            ObjectNode answer,
            String field,
            List<? extends T> all,
            Function<T, JsonNode> shown,
            Arguments arguments,
            int limit) {
        long asked = arguments.number("limit", limit);
        if (asked < 0 || asked > MAX) {
            throw new SlackError("invalid_limit");
        }
        int size = asked == 0 ? limit : (int) asked;
        int from = from(arguments);
        int to = Math.min(all.size(), from + size);
        ArrayNode part = answer.putArray(field);
        all.subList(Math.min(from, to), to).forEach(each -> part.add(shown.apply(each)));
        String next = to < all.size() ? encode(to) : "";
        answer.putObject("response_metadata").put("next_cursor", next);
        return answer;
    }

    private static int from(Arguments arguments) {
        if (!arguments.has("cursor")) {
            return 0;
        }
        try {
            String cursor = new String(Base64.getDecoder().decode(arguments.text("cursor")), StandardCharsets.UTF_8);
            if (cursor.startsWith(CURSOR)) {
                return Math.max(0, Integer.parseInt(cursor.substring(CURSOR.length())));
            }
        } catch (IllegalArgumentException e) {
            // not one of ours
        }
        throw new SlackError("invalid_cursor");
    }

    private static String encode(int position) {
        return Base64.getEncoder().encodeToString((CURSOR + position).getBytes(StandardCharsets.UTF_8));
    }

    /** Whether an answer has a next part. */
    static boolean hasMore(ObjectNode answer) {
        return !Json.text(answer.path("response_metadata"), "next_cursor").isEmpty();
    }
}
