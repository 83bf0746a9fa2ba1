package dev.slackline.app.serve;

import dev.slackline.app.groups.GroupOverview;
import dev.slackline.app.groups.UnconsumedGroup;
import dev.slackline.queue.Queue;
import dev.slackline.queue.Status;
import dev.slackline.slack.socket.SocketOverview;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Whether Slack's traffic should come here now. A group that nobody consumes degrades it and no more: refusing Slack's
 * events would not make anybody consume them.
 *
 * @param status the queue's, or {@link Status.State#DEGRADED} when there are unconsumed groups
 * @param backend the backend's name
 * @param groups every declared group; empty when the queue did not tell
 * @param unconsumed those that nobody consumes
 * @param lastPublish when a message last became durable here; null when none has yet
 * @param socket how Socket Mode does; null when there is none
 */
record Readiness(
        Status status,
        String backend,
        List<GroupOverview> groups,
        List<UnconsumedGroup> unconsumed,
        @Nullable Instant lastPublish,
        @Nullable SocketOverview socket) {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /** Asks the queue. Always completes normally, within two seconds. */
    static CompletableFuture<Readiness> of(Queue queue, @Nullable Instant lastPublish) {
        return groups(queue).handle((groups, error) -> {
            List<GroupOverview> known = error == null ? groups : List.of();
            List<UnconsumedGroup> unconsumed = UnconsumedGroup.among(known, Instant.now());
            Status status = queue.status();
            if (error != null && status.state() != Status.State.DOWN) {
                status = Status.down("the queue did not tell what its groups hold");
            } else if (status.state() == Status.State.UP && !unconsumed.isEmpty()) {
                status = Status.degraded(unconsumed.get(0).advice());
            }
            return new Readiness(status, queue.capabilities().backend(), known, unconsumed, lastPublish, null);
        });
    }

    /** Not before the groups that are to get everything are declared. */
    static Readiness waiting(Queue queue, String obstacle) {
        Status status = Status.down("the groups of QUEUE_GROUPS are not declared yet: " + obstacle);
        return new Readiness(status, queue.capabilities().backend(), List.of(), List.of(), null, null);
    }

    /** With Socket Mode beside it; the worse status of both counts. */
    Readiness with(@Nullable SocketOverview overview) {
        boolean worse = overview != null && overview.status().state().compareTo(status.state()) > 0;
        Status both = overview != null && worse ? overview.status() : status;
        return new Readiness(both, backend, groups, unconsumed, lastPublish, overview);
    }

    /** Whether to answer 200. */
    boolean isReady() {
        return status.state() != Status.State.DOWN;
    }

    /** What {@code GET /health/ready} says. */
    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("status", status.state().name());
        map.put("reason", status.reason());
        map.put("backend", backend);
        map.put(
                "groupsConsumed",
                groups.stream()
                        .filter(group -> group.stats().consumers() > 0)
                        .map(GroupOverview::name)
                        .toList());
        map.put("lastPublish", lastPublish == null ? null : lastPublish.toString());
        map.put("socketMode", socket == null ? null : asMap(socket));
        map.put(
                "unconsumedGroups",
                unconsumed.stream()
                        .map(group -> Map.<String, Object>of(
                                "group", group.name(),
                                "waiting", group.waiting(),
                                "since", group.since().toString(),
                                "advice", group.advice()))
                        .toList());
        return map;
    }

    private static Map<String, Object> asMap(SocketOverview socket) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("status", socket.status().state().name());
        map.put("reason", socket.status().reason());
        map.put("connections", socket.connected());
        map.put("wanted", socket.wanted());
        map.put("ghosts", socket.ghosts());
        map.put("unacknowledged", socket.unacknowledged());
        map.put("withoutConnectionMs", socket.withoutConnection().toMillis());
        map.put("reconnects", new TreeMap<>(socket.reconnects()));
        return map;
    }

    private static CompletableFuture<List<GroupOverview>> groups(Queue queue) {
        try {
            return GroupOverview.of(queue, TIMEOUT);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
