package dev.slackline.app;

import dev.slackline.app.process.Terminal;
import dev.slackline.app.wiring.Configuration;
import dev.slackline.queue.DeadLetters;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
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
        try (Queue queue =
                Configuration.load(context.env().get()).open(new QueueListener() {}, UnaryOperator.identity())) {
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

        /** Prints how many it were. @return the exit code: 1 when an id was no dead letter */
        int report(Terminal terminal, String done, int count) {
            terminal.result(Integer.toString(count));
            if (all || count == Set.copyOf(ids).size()) {
                return 0;
            }
            terminal.say("slackline: " + done + " " + count + "; the other ids are no dead letters of this group");
            return 1;
        }
    }
}
