package dev.slackline.app;

import dev.slackline.app.process.Terminal;
import dev.slackline.queue.DeadLetters;
import dev.slackline.queue.Queue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands for dead letters have in common. */
final class DeadOptions {

    @Option(names = "--group", paramLabel = "GROUP", description = "The group. Default: ${DEFAULT-VALUE}.")
    private String group = Queue.DEFAULT_GROUP;

    String group() {
        return group;
    }

    /** Opens the queue, and does something with the dead letters of the group, which must exist. */
    <T> T with(Context context, Function<DeadLetters, T> work) {
        GroupNames.require(group);
        try (Queue queue = context.open()) {
            GroupNames.requireDeclared(queue, group);
            return work.apply(queue.group(group).deadLetters());
        }
    }

    /** Which dead letters: some by id, or all. */
    static final class Selection {

        @Parameters(arity = "0..*", paramLabel = "ID", description = "Message ids.")
        private List<String> ids = new ArrayList<>();

        @Option(names = "--all", description = "Every dead letter of the group.")
        private boolean all;

        boolean all() {
            return all;
        }

        List<String> ids() {
            return ids;
        }

        void check() {
            if (all == !ids.isEmpty()) {
                throw new UsageException("give either message ids or --all");
            }
        }

        /** Those of the ids that are no dead letters; to be asked before something is done with the others. */
        List<String> strangers(DeadLetters dead) {
            return ids.stream()
                    .distinct()
                    .filter(id -> dead.show(id).toCompletableFuture().join().isEmpty())
                    .toList();
        }

        /** Prints how many it were, and names those that it were not. @return the exit code: 1 when there are such */
        int report(Terminal terminal, String group, int count, List<String> strangers) {
            terminal.result(Integer.toString(count));
            strangers.forEach(
                    id -> terminal.say("slackline: the group '" + group + "' has no dead letter '" + id + "'"));
            return strangers.isEmpty() ? 0 : 1;
        }
    }
}
