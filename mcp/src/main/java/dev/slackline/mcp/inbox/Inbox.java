package dev.slackline.mcp.inbox;

import dev.slackline.mcp.Catalog;
import dev.slackline.mcp.Resource;
import dev.slackline.mcp.ResourceUpdates;
import dev.slackline.mcp.Tool;
import dev.slackline.queue.Queue;
import dev.slackline.slack.event.KeyPattern;
import dev.slackline.slack.event.SlackEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Slack's events as work for agents: they wait for events, claim them for a lease, and settle them. A claim that is not
 * settled in time is a failed attempt, so an agent that crashes loses nothing, and neither does the crash of this process. Thread-safe.
 *
 * <p>Close it before its queue: that gives back what is claimed.
 */
public final class Inbox implements AutoCloseable {

    /** Agents may see every event. */
    public static final Predicate<SlackEvent> EVERYTHING = event -> true;

    private static final Logger log = LoggerFactory.getLogger(Inbox.class);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration DECLARE_AGAIN = Duration.ofSeconds(5);
    private static final int THREADS = 2;

    private final Queue queue;
    private final InboxSettings settings;
    private final Predicate<SlackEvent> visible;
    private final ScheduledThreadPoolExecutor timer;
    private final Map<String, Tray> trays = new LinkedHashMap<>();
    private final Claims claims;
    private final Watches watches;

    private final ResourceUpdates updates;
    private final ResourceUpdates.Watch watching;

    private Inbox(Queue queue, InboxSettings given, Predicate<SlackEvent> visible, ResourceUpdates updates) {
        this.queue = queue;
        this.settings = given.over(queue.settings());
        Predicate<SlackEvent> work = work(settings);
        boolean takes = settings.mode() == InboxSettings.Mode.ON;
        this.visible = takes || work == EVERYTHING ? visible : work.and(visible);
        this.timer = newTimer();
        this.claims = new Claims(queue.settings());
        if (settings.mode() != InboxSettings.Mode.OFF) {
            settings.groups()
                    .forEach(group -> trays.put(group, new Tray(queue, group, takes ? work : EVERYTHING, timer)));
        }
        this.updates = updates;
        this.watches = new Watches(trays, this.visible, timer, group -> updates.changed(InboxResource.uri(group)));
        this.watching = updates.onWatched(this::watch);
    }

    /** {@link #open(Queue, InboxSettings, Predicate, ResourceUpdates)} of every event. */
    public static Inbox open(Queue queue, InboxSettings settings, ResourceUpdates updates) {
        return open(queue, settings, EVERYTHING, updates);
    }

    /**
     * Opens it, and declares its groups in the background, for as long as the broker cannot be reached again and again.
     *
     * @param visible which events agents may see; the others are left to other members of the group. Must not block
     * @param updates told of an inbox that somebody watches when an event comes
     */
    public static Inbox open(
            Queue queue, InboxSettings settings, Predicate<SlackEvent> visible, ResourceUpdates updates) {
        Inbox inbox = new Inbox(queue, settings, visible, updates);
        inbox.trays.keySet().forEach(inbox::declare);
        inbox.timer.scheduleAtFixedRate(inbox::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
        return inbox;
    }

    /** What agents are offered; nothing if the inbox is off. */
    public Catalog catalog() {
        if (trays.isEmpty()) {
            return new Catalog(List.of(), List.of(), List.of(), List.of());
        }
        Desk desk = new Desk(queue, settings, trays, claims, visible);
        TakingTools taking = new TakingTools(desk);
        GroupTools counting = new GroupTools(desk);
        DeadLetterTools dead = new DeadLetterTools(desk);
        List<Tool> tools = new ArrayList<>(List.of(taking.waiting(), counting.stats(), dead.listing()));
        if (settings.mode() == InboxSettings.Mode.ON) {
            tools.add(taking.claiming());
            tools.addAll(new SettlingTools(desk).all());
            tools.add(dead.replaying());
        }
        InboxResource resource = new InboxResource(desk, counting);
        List<Resource> resources = resource.all();
        return new Catalog(tools, resources, List.of(resource.template()), List.of());
    }

    /** Gives back what is claimed, as failed attempts, and what is at hand, which burns none. Idempotent. */
    @Override
    public void close() {
        watching.close();
        watches.close();
        trays.values().forEach(Tray::close);
        claims.close();
        timer.shutdownNow();
    }

    private static Predicate<SlackEvent> work(InboxSettings settings) {
        List<KeyPattern> keys = settings.keys().stream().map(KeyPattern::of).toList();
        return keys.isEmpty()
                ? EVERYTHING
                : event -> keys.stream()
                        .anyMatch(pattern -> pattern.matches(event.message().key()));
    }

    private void watch() {
        watches.only(() -> updates.watched().stream().map(InboxResource::group).collect(Collectors.toSet()));
    }

    private void tick() {
        long now = System.nanoTime();
        try {
            claims.tick(now);
            trays.values().forEach(tray -> tray.tick(now));
        } catch (RuntimeException | Error e) { // thrown out of here, it would be the last
            log.warn("keeping the inbox failed", e);
        }
    }

    private void declare(String group) {
        queue.group(group).declare().whenComplete((declared, error) -> {
            if (error != null) {
                log.warn(
                        "the group of an inbox is not declared, and is tried again group={} cause={}",
                        group,
                        (error instanceof CompletionException && error.getCause() != null ? error.getCause() : error)
                                .getMessage());
                declareLater(group);
            }
        });
    }

    private void declareLater(String group) {
        try {
            timer.schedule(() -> declare(group), DECLARE_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("closed meanwhile group={}", group);
        }
    }

    private static ScheduledThreadPoolExecutor newTimer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(THREADS, task -> {
            Thread thread = new Thread(task, "slackline-inbox");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }
}
