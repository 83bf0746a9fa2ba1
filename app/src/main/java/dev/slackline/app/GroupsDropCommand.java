package dev.slackline.app;

import dev.slackline.queue.Group;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Queue;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "drop",
        mixinStandardHelpOptions = true,
        header = "Forgets a group and what waits in it.",
        description =
                "Forgets a group with what waits in it and its dead letters. Other groups keep theirs. Asks first.",
        footer = {"", "Example:", "  slackline groups drop audit --yes"})
final class GroupsDropCommand implements Callable<Integer> {

    private final Context context;

    @Parameters(paramLabel = "NAME", description = "The group.")
    private String name = "";

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    GroupsDropCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        GroupNames.require(name);
        try (Queue queue = context.open()) {
            GroupNames.requireDeclared(queue, name);
            Group group = queue.group(name);
            GroupStats stats = group.stats().toCompletableFuture().join();
            String what = "Dropping the group '" + name + "' with " + stats.waiting() + " waiting messages and "
                    + stats.dead() + " dead letters";
            if (!Consent.given(context.terminal(), yes, what)) {
                context.terminal().say("Nothing was dropped.");
                return 1;
            }
            group.drop().toCompletableFuture().join();
            context.terminal().result(name);
            return 0;
        }
    }
}
