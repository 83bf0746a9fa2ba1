package dev.slackline.mcp.slack;

import dev.slackline.mcp.access.RefusedException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Slack's older methods number their pages; agents see a cursor all the same. */
final class Numbered {

    private static final String CURSOR = "page-";
    private static final int MAX_PAGE = 100;

    private Numbered() {}

    /**
     * Calls a method for one page.
     *
     * @param within the name of the object that holds the page; empty if the answer itself does
     */
    static CompletableFuture<Map<String, Object>> call(Given given, Slack slack, String method, String within) {
        Map<String, Object> arguments = given.forSlack();
        arguments.remove("cursor");
        arguments.remove("limit");
        int page = page(given.text("cursor"));
        arguments.put("page", page);
        arguments.put("count", given.number("limit"));
        return slack.call(method, arguments).thenApply(answer -> {
            Map<String, Object> holder = new LinkedHashMap<>(within.isEmpty() ? answer : Slack.object(answer, within));
            if (Slack.object(holder, "paging").get("pages") instanceof Number pages
                    && page < Math.min(MAX_PAGE, pages.intValue())) {
                holder.put("next_cursor", CURSOR + (page + 1));
            }
            return holder;
        });
    }

    /** With all the places where files are shared under one name. */
    static Map<String, Object> placed(Map<String, Object> answer, String name) {
        List<Map<String, Object>> files = Slack.list(answer, name);
        files.forEach(file -> file.put("channels", Directory.places(file)));
        Map<String, Object> placed = new LinkedHashMap<>(answer);
        placed.put(name, files);
        return placed;
    }

    private static int page(String cursor) {
        if (cursor.isEmpty()) {
            return 1;
        }
        if (cursor.matches(CURSOR + "[0-9]{1,3}")) {
            int page = Integer.parseInt(cursor.substring(CURSOR.length()));
            if (page >= 1 && page <= MAX_PAGE) {
                return page;
            }
        }
        throw new RefusedException("This is no cursor of this tool; start again without one.");
    }
}
