package dev.slackline.app.serve;

import dev.slackline.app.groups.GroupOverview;
import dev.slackline.app.groups.UnconsumedGroup;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.config.Durations;
import dev.slackline.slack.socket.SocketOverview;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
            :root { color-scheme: light dark; --up: #167a3a; --degraded: #9a6700; --down: #b3261e; --line: #ccc; }
            @media (prefers-color-scheme: dark) {
              :root { --up: #5fd08a; --degraded: #e0b252; --down: #ff8a80; --line: #555; }
            }
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
                   overflow-wrap: anywhere; }
            .wide { overflow-x: auto; }
            table { border-collapse: collapse; width: 100%; overflow-wrap: normal; }
            th, td { text-align: left; padding: .4rem .8rem; border-bottom: 1px solid var(--line); }
            th { white-space: nowrap; }
            th:first-child, td:first-child { padding-left: 0; }
            th:last-child, td:last-child { padding-right: 0; }
            td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
            .UP { color: var(--up); } .DEGRADED { color: var(--degraded); } .DOWN, .dead { color: var(--down); }
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
        appendSocketMode(page, readiness.socket());
        if (readiness.groups().isEmpty()) {
            page.append("<p>No groups are known.</p>\n");
        } else {
            appendGroups(page, readiness);
        }
        advice(readiness)
                .forEach(advice -> page.append("<p class=\"DEGRADED\">")
                        .append(escaped(advice))
                        .append("</p>\n"));
        return page.append("<p><a href=\"/health/ready\">health</a> &middot; <a href=\"/metrics\">metrics</a></p>\n")
                .append("</body>\n</html>\n")
                .toString();
    }

    private static void appendSocketMode(StringBuilder page, @Nullable SocketOverview socket) {
        if (socket != null) {
            String state = socket.status().state().name();
            long reconnects = socket.reconnects().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            page.append("<p>Socket Mode: <strong class=\"")
                    .append(state)
                    .append("\">")
                    .append(state)
                    .append("</strong> &middot; ")
                    .append(escaped(socket.status().reason()))
                    .append(" &middot; reconnects ")
                    .append(reconnects)
                    .append(" &middot; ghosts ")
                    .append(socket.ghosts())
                    .append(" &middot; not acknowledged ")
                    .append(socket.unacknowledged())
                    .append("</p>\n");
        }
    }

    /** What somebody should do, but for what the status says already. */
    private static Stream<String> advice(Readiness readiness) {
        Stream<String> unconsumed = readiness.unconsumed().stream()
                .map(UnconsumedGroup::advice)
                .filter(advice -> !advice.equals(readiness.status().reason()));
        Stream<String> dead = readiness.groups().stream()
                .filter(group -> group.stats().dead() > 0)
                .map(group -> "the group '" + group.name() + "' has dead letters; look at them (slackline dead list"
                        + " --group " + group.name() + "), then replay or drop them");
        return Stream.concat(unconsumed, dead);
    }

    private static void appendGroups(StringBuilder page, Readiness readiness) {
        page.append(
                        "<div class=\"wide\">\n<table>\n<tr><th>Group</th><th class=\"n\">Ready</th><th class=\"n\">In flight</th>")
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
        page.append("</table>\n</div>\n");
    }

    private static void appendNumber(StringBuilder page, String style, long number) {
        page.append("<td class=\"").append(style).append("\">").append(number).append("</td>");
    }

    private static String lastPublish(Readiness readiness) {
        Instant last = readiness.lastPublish();
        return last == null ? "none yet" : last.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
