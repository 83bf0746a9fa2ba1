package dev.slackline.mcp.inbox;

import dev.slackline.mcp.Tool;
import dev.slackline.mcp.ToolCall;
import dev.slackline.mcp.ToolResult;
import dev.slackline.mcp.access.RefusedException;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueClosedException;
import dev.slackline.queue.QueueException;
import dev.slackline.slack.event.SlackEvent;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the tools work with.
 *
 * @param trays the groups that are open to agents, by name
 * @param visible which events agents may see
 */
record Desk(
        Queue queue, InboxSettings settings, Map<String, Tray> trays, Claims claims, Predicate<SlackEvent> visible) {

    static final String AWAY =
            "The queue cannot be reached at the moment; nothing is lost. Call again in a few seconds."
                    + " What you hold may still be yours then: the tools that settle it tell.";

    private static final Logger log = LoggerFactory.getLogger(Desk.class);

    /** Does what a tool is for; what it throws or fails with becomes an answer that the agent can do something with. */
    @FunctionalInterface
    interface Work {
        CompletionStage<ToolResult> on(Arguments arguments, ToolCall call);
    }

    Tray tray(Arguments arguments) {
        Tray tray = trays.get(arguments.group(settings.groups()));
        if (tray == null) {
            throw new RefusedException("There is no such group.");
        }
        return tray;
    }

    /** The action of a tool. */
    static Tool.Action action(Work work) {
        return call -> {
            CompletionStage<ToolResult> result;
            try {
                result = work.on(new Arguments(call.arguments()), call);
            } catch (RuntimeException e) {
                result = CompletableFuture.failedStage(e);
            }
            return result.exceptionallyCompose(Desk::answer);
        };
    }

    private static CompletionStage<ToolResult> answer(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof RefusedException refused) {
            return CompletableFuture.completedStage(ToolResult.error(String.valueOf(refused.getMessage())));
        }
        if (cause instanceof CancellationException) {
            return CompletableFuture.completedStage(ToolResult.error("The call was cancelled, and took nothing."));
        }
        if (cause instanceof QueueClosedException) {
            return CompletableFuture.completedStage(ToolResult.error(
                    "The server is stopping, and gives back what you hold. Go on when it is there again."));
        }
        if (cause instanceof QueueException failure) {
            log.warn("the inbox could not use the queue cause={}", failure.getMessage());
            return CompletableFuture.completedStage(ToolResult.error(
                    failure.retryable()
                            ? AWAY
                            : "The queue refused this, and calling again will not help: a person must look at the"
                                    + " server, whose log says why."));
        }
        return CompletableFuture.failedStage(cause);
    }
}
