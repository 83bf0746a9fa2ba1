package dev.slackline.app;

import dev.slackline.app.groups.GroupOverview;
import dev.slackline.app.groups.UnconsumedGroup;
import dev.slackline.app.process.Json;
import dev.slackline.app.process.Table;
import dev.slackline.app.process.Terminal;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Queue;
import dev.slackline.queue.config.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "groups",
        mixinStandardHelpOptions = true,
        header = "Shows, declares and drops groups.",
        description = "Shows the declared groups and what waits in each; declares and drops groups.",
        footer = {
            "",
            "Examples:",
            "  slackline groups",
            "  slackline groups declare audit",
            "  slackline groups drop audit"
        })
final class GroupsCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Context context;

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    GroupsCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Terminal terminal = context.terminal();
        try (Queue queue = context.open()) {
            List<GroupOverview> groups = GroupOverview.of(queue, TIMEOUT).join();
            if (json) {
                groups.forEach(group -> terminal.result(Json.text(object(group))));
            } else if (groups.isEmpty()) {
                terminal.say("No group is declared yet; 'slackline serve', 'publish' and 'consume' declare them.");
            } else {
                table(groups).lines().forEach(terminal::result);
            }
            UnconsumedGroup.among(groups, Instant.now()).forEach(group -> terminal.say("Note: " + group.advice()));
            return 0;
        }
    }

    private static Table table(List<GroupOverview> groups) {
        Table table = new Table("GROUP", "READY", "IN FLIGHT", "DELAYED", "DEAD", "OLDEST", "CONSUMERS");
        for (GroupOverview group : groups) {
            GroupStats stats = group.stats();
            Duration age = stats.oldestAge();
            table.row(
                    group.name(),
                    stats.ready(),
                    stats.inFlight(),
                    stats.delayed(),
                    stats.dead(),
                    age == null ? "-" : Durations.format(Duration.ofSeconds(Math.max(0, age.toSeconds()))),
                    stats.consumers());
        }
        return table;
    }

    private static Map<String, Object> object(GroupOverview group) {
        GroupStats stats = group.stats();
        Duration age = stats.oldestAge();
        Instant since = stats.unconsumedSince();
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("group", group.name());
        object.put("ready", stats.ready());
        object.put("inFlight", stats.inFlight());
        object.put("delayed", stats.delayed());
        object.put("dead", stats.dead());
        object.put("oldestAgeSeconds", age == null ? null : age.toMillis() / 1000.0);
        object.put("consumers", stats.consumers());
        object.put("unconsumedSince", since == null ? null : since.toString());
        return object;
    }
}
