package dev.slackline.app;

import dev.slackline.queue.Queue;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "declare",
        mixinStandardHelpOptions = true,
        header = "Declares a group.",
        description = "Declares a group: from here on it misses nothing, whether or not anybody consumes it.",
        footer = {"", "Example:", "  slackline groups declare audit"})
final class GroupsDeclareCommand implements Callable<Integer> {

    private final Context context;

    @Parameters(paramLabel = "NAME", description = "1 to 64 letters, digits, '_' and '-'.")
    private String name = "";

    GroupsDeclareCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        GroupNames.require(name);
        try (Queue queue = context.open()) {
            queue.group(name).declare().toCompletableFuture().join();
            context.terminal().result(name);
            return 0;
        }
    }
}
