package dev.slackline.mcp.access;

import dev.slackline.mcp.Tool;
import dev.slackline.mcp.ToolCall;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Looks at a call before it is made: at every place that it names. Thread-safe. */
final class Admission {

    /** Stands for one that is not open yet: it is opened only for those who may then write to it. */
    private static final Conversation A_DIRECT_ONE = new Conversation("", "", true);

    private final Policy policy;
    private final Conversations conversations;

    Admission(Policy policy, Conversations conversations) {
        this.policy = policy;
        this.conversations = conversations;
    }

    /**
     * The call as the tool gets it: with the id of its channel.
     *
     * @param found hears the id of that channel
     * @return fails with a {@link RefusedException} if it may not be made
     */
    CompletionStage<ToolCall> admit(Tool tool, ToolCall call, Consumer<String> found) {
        boolean writes = tool.effect() != Tool.Effect.READS;
        String channel = Places.argument(call.arguments(), Places.CHANNEL);
        List<String> files = Places.SHARED.stream()
                .map(name -> Places.argument(call.arguments(), name))
                .filter(id -> !id.isEmpty())
                .toList();
        if (writes && channel.isEmpty() && files.isEmpty() && !policy.mayWriteElsewhere()) {
            throw new RefusedException(
                    "Writing is limited to certain channels here, and this would write to none of them.");
        }
        CompletableFuture<Void> known = CompletableFuture.completedFuture(null);
        for (String file : files) {
            known = known.thenCompose(unused -> admitFile(file, writes));
        }
        return channel.isEmpty()
                ? known.thenApply(unused -> call)
                : known.thenCompose(unused -> conversations.find(channel, writes && policy.mayWrite(A_DIRECT_ONE)))
                        .thenApply(place -> {
                            found.accept(place.id());
                            require(place, writes);
                            Map<String, Object> arguments = new LinkedHashMap<>(call.arguments());
                            arguments.put(Places.CHANNEL, place.id());
                            return call.with(arguments);
                        });
    }

    private void require(Conversation place, boolean writes) {
        if (!policy.mayRead(place)) {
            throw new RefusedException("This channel is not open to you (MCP_CHANNELS); work in another.");
        }
        if (writes && !policy.mayWrite(place)) {
            throw new RefusedException("You may read this channel, but not write to it (MCP_WRITE).");
        }
    }

    /** It may be read where one of its places may be, and written where all of them may. */
    private CompletionStage<Void> admitFile(String id, boolean writes) {
        if (writes ? policy.mayWriteAnywhere() : policy.readable().permitAll()) {
            return CompletableFuture.completedFuture(null);
        }
        return conversations.ofFile(id).thenAccept(places -> {
            boolean allowed = writes
                    ? places.stream().allMatch(policy::mayWrite) && (!places.isEmpty() || policy.mayWriteElsewhere())
                    : places.stream().anyMatch(policy::mayRead)
                            || (places.isEmpty() && policy.readable().permitElsewhere());
            if (!allowed) {
                throw new RefusedException("This is shared in no channel that you may "
                        + (writes ? "write to (MCP_WRITE)." : "read (MCP_CHANNELS)."));
            }
        });
    }
}
