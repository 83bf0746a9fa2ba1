package dev.slackline.app;

import dev.slackline.queue.Queue;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "declare",
        mixinStandardHelpOptions = true,
        header = "Declares groups.",
        description = "Declares groups: from here on they miss nothing, whether or not anybody consumes them.",
        footer = {"", "Example:", "  slackline groups declare audit bots"})
final class GroupsDeclareCommand implements Callable<Integer> {

    private final Context context;

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "1 to 64 letters, digits, '_' and '-'.")
    private List<String> names = List.of();

    GroupsDeclareCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        names.forEach(GroupNames::require);
        try (Queue queue = context.open()) {
            for (String name : names) {
                queue.group(name).declare().toCompletableFuture().join();
                context.terminal().result(name);
            }
            return 0;
        }
    }
}
