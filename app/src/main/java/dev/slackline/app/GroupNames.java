package dev.slackline.app;

import dev.slackline.queue.Message;
import dev.slackline.queue.Queue;
import java.util.List;

/** What the commands ask of the name of a group. */
final class GroupNames {

    private GroupNames() {}

    /** Refuses a name that no group can have. */
    static String require(String name) {
        try {
            return Message.requireGroupName(name);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    /** Refuses a group that is not declared, naming those that are. */
    static void requireDeclared(Queue queue, String name) {
        List<String> declared = queue.groups().toCompletableFuture().join();
        if (!declared.contains(name)) {
            throw new FailedException("there is no group '" + name + "'; declared are: " + listed(declared), null);
        }
    }

    /** For a sentence. */
    static String listed(List<String> names) {
        return names.isEmpty() ? "none" : String.join(", ", names);
    }
}
