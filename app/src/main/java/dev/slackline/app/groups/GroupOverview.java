package dev.slackline.app.groups;

import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Queue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A declared group and what waits in it.
 *
 * @param name its name
 * @param stats what waits
 */
public record GroupOverview(String name, GroupStats stats) {

    /** Asks the queue for all groups, by name. Completes exceptionally when the answer takes longer than the timeout. */
    public static CompletableFuture<List<GroupOverview>> of(Queue queue, Duration timeout) {
        CompletableFuture<List<GroupOverview>> all = queue.groups()
                .thenCompose(names -> {
                    List<CompletableFuture<GroupOverview>> each = names.stream()
                            .map(name -> queue.group(name)
                                    .stats()
                                    .thenApply(stats -> new GroupOverview(name, stats))
                                    .toCompletableFuture())
                            .toList();
                    return CompletableFuture.allOf(each.toArray(CompletableFuture<?>[]::new))
                            .thenApply(done ->
                                    each.stream().map(CompletableFuture::join).toList());
                })
                .toCompletableFuture();
        return all.copy().orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }
}
