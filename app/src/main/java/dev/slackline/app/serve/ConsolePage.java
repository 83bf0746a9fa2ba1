package dev.slackline.app.serve;

import dev.slackline.app.groups.GroupOverview;
import dev.slackline.app.groups.UnconsumedGroup;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.config.Durations;
import java.time.Duration;
import java.time.Instant;

/** The console: status, groups and dead letters as one page of HTML without scripts or anything from elsewhere. */
final class ConsolePage {

    private static final String HEAD = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="refresh" content="10">
            <title>Slackline</title>
            <style>
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
            table { border-collapse: collapse; width: 100%; }
            th, td { text-align: left; padding: .4rem .8rem; border-bottom: 1px solid #ccc; }
            td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
            .UP { color: #167a3a; } .DEGRADED { color: #9a6700; } .DOWN, .dead { color: #b3261e; }
            </style>
            </head>
            <body>
            """;

    private ConsolePage() {}

    static String of(Readiness readiness) {
        StringBuilder page = new StringBuilder(HEAD);
        String state = readiness.status().state().name();
        page.append("<h1>Slackline</h1>\n<p><strong class=\"")
                .append(state)
                .append("\">")
                .append(state)
                .append("</strong> &middot; ")
                .append(escaped(readiness.backend()))
                .append(" &middot; ")
                .append(escaped(readiness.status().reason()))
                .append("</p>\n<p>Last publish here: ")
                .append(lastPublish(readiness))
                .append("</p>\n");
        appendGroups(page, readiness);
        for (UnconsumedGroup group : readiness.unconsumed()) {
            page.append("<p class=\"DEGRADED\">")
                    .append(escaped(group.advice()))
                    .append("</p>\n");
        }
        return page.append("<p><a href=\"/health/ready\">health</a> &middot; <a href=\"/metrics\">metrics</a></p>\n")
                .append("</body>\n</html>\n")
                .toString();
    }

    private static void appendGroups(StringBuilder page, Readiness readiness) {
        page.append("<table>\n<tr><th>Group</th><th class=\"n\">Ready</th><th class=\"n\">In flight</th>")
                .append("<th class=\"n\">Delayed</th><th class=\"n\">Dead</th><th class=\"n\">Oldest</th>")
                .append("<th class=\"n\">Consumers</th></tr>\n");
        for (GroupOverview group : readiness.groups()) {
            GroupStats stats = group.stats();
            Duration age = stats.oldestAge();
            page.append("<tr><td>").append(escaped(group.name())).append("</td>");
            appendNumber(page, "n", stats.ready());
            appendNumber(page, "n", stats.inFlight());
            appendNumber(page, "n", stats.delayed());
            appendNumber(page, stats.dead() > 0 ? "n dead" : "n", stats.dead());
            page.append("<td class=\"n\">")
                    .append(
                            age == null
                                    ? "&ndash;"
                                    : Durations.format(Duration.ofSeconds(Math.max(0, age.toSeconds()))))
                    .append("</td>");
            appendNumber(page, "n", stats.consumers());
            page.append("</tr>\n");
        }
        page.append("</table>\n");
    }

    private static void appendNumber(StringBuilder page, String style, long number) {
        page.append("<td class=\"").append(style).append("\">").append(number).append("</td>");
    }

    private static String lastPublish(Readiness readiness) {
        Instant last = readiness.lastPublish();
        return last == null ? "none yet" : last.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
