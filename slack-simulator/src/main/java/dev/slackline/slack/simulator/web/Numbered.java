package dev.slackline.slack.simulator.web;

import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A part of a list by the number of its page, as the older methods have it. */
final class Numbered {

    private static final int MAX = 100;
    private static final int DEFAULT = 20;

    private Numbered() {}

    /** Adds the page that the arguments {@code page} and {@code count} ask for. */
    static ObjectNode add(ObjectNode answer, String field, List<ObjectNode> all, Arguments arguments) {
        int count = (int) Math.max(1, Math.min(MAX, arguments.number("count", DEFAULT)));
        int page = (int) Math.max(1, Math.min(MAX, arguments.number("page", 1)));
        int pages = Math.max(1, (all.size() + count - 1) / count);
        ArrayNode part = answer.putArray(field);
        all.stream().skip((long) (page - 1) * count).limit(count).forEach(part::add);
        answer.putObject("paging")
                .put("count", count)
                .put("total", all.size())
                .put("page", page)
                .put("pages", pages);
        return answer;
    }
}
