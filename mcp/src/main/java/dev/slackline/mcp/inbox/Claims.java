package dev.slackline.mcp.inbox;

import dev.slackline.mcp.Caller;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who has taken what. A claim that runs out is a failed attempt, as for any consumer that dies: the event comes again. Thread-safe.
 */
final class Claims {

    private static final Logger log = LoggerFactory.getLogger(Claims.class);

    /** So many ended claims are remembered, to tell their callers what became of them. */
    private static final int MAX_ENDED = 10_000;

    private static final Duration AT_ONCE = Duration.ofMillis(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

    private final QueueSettings queue;
    private final Map<String, Claim> open = new ConcurrentHashMap<>();
    /** How many may still come for each caller that waits. Guarded by this. */
    private final Map<String, Integer> promised = new HashMap<>();
    /** How the last ones ended, by caller and token. Guarded by itself. */
    private final Map<String, Ending> ended = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Ending> eldest) {
            return size() > MAX_ENDED;
        }
    };

    Claims(QueueSettings queue) {
        this.queue = queue;
    }

    /** Makes a claim of what was taken. */
    Claim open(Tray tray, Held held, Caller caller, Duration lease) {
        Claim claim = new Claim(tray, held, caller, lease, queue.lease());
        open.put(claim.token(), claim);
        return claim;
    }

    /**
     * How many of those wanted the caller may take; so many count as held until {@link #takeBack} is told.
     *
     * @param most how many it may hold in all
     */
    synchronized int promise(Caller caller, int wanted, int most) {
        int promisedNow = promised.getOrDefault(caller.name(), 0);
        int granted = Math.max(0, Math.min(wanted, most - held(caller) - promisedNow));
        promised.merge(caller.name(), granted, Integer::sum);
        return granted;
    }

    /** So many that were promised are claims by now, or will never be. */
    synchronized void takeBack(Caller caller, int number) {
        promised.computeIfPresent(caller.name(), (name, now) -> now > number ? now - number : null);
    }

    /** How many the caller holds. */
    int held(Caller caller) {
        return (int) open.values().stream()
                .filter(claim -> claim.caller().name().equals(caller.name()))
                .count();
    }

    /** How many of a group are held. */
    int held(String group) {
        return (int) open.values().stream()
                .filter(claim -> claim.tray().group().equals(group))
                .count();
    }

    CompletionStage<Ending> ack(String token, Caller caller) {
        return settle(token, caller, claim -> claim.delivery().ack(), Ending.ACKED);
    }

    CompletionStage<Ending> deadLetter(String token, Caller caller, String reason) {
        return settle(token, caller, claim -> claim.delivery().deadLetter(reason), Ending.DEAD_LETTERED);
    }

    CompletionStage<Ending> retry(String token, Caller caller, Duration delay, String reason) {
        Claim claim = open.get(token);
        boolean last = claim != null && claim.delivery().attempt() >= queue.maxAttempts();
        return settle(
                token,
                caller,
                found -> found.delivery().retry(delay, reason),
                last ? Ending.DEAD_LETTERED : Ending.RETRIED);
    }

    /** Makes a claim last for another lease. */
    CompletionStage<Ending> extend(String token, Caller caller, Duration lease) {
        Claim claim = find(token, caller);
        if (claim == null) {
            return CompletableFuture.completedStage(formerEnding(token, caller));
        }
        long now = System.nanoTime();
        return claim.delivery()
                .renew()
                .thenApply(still -> {
                    if (!still || !open.containsKey(token)) {
                        end(claim, Ending.EXPIRED);
                        return formerEnding(token, caller);
                    }
                    claim.renewed(now, true);
                    claim.extend(now, lease);
                    return Ending.EXTENDED;
                })
                .exceptionally(error -> uncertain(claim, error));
    }

    /** How long a claim still lasts; zero if there is none. */
    Duration left(String token) {
        Claim claim = open.get(token);
        return claim == null ? Duration.ZERO : claim.left();
    }

    /** Lets those run out whose time is over, and keeps the queue's leases for those that last longer. */
    void tick(long now) {
        for (Claim claim : open.values()) {
            if (claim.isOver(now)) {
                end(claim, Ending.EXPIRED);
                CompletionStage<Settlement> unused =
                        claim.delivery().retry(AT_ONCE, "the agent that had claimed it let the lease run out");
            } else if (claim.startsRenewing(now)) {
                renew(claim, now);
            }
        }
    }

    /** Gives back everything; as failed attempts, since nobody knows how far the work has gone. */
    void close() {
        List<CompletableFuture<Settlement>> given = new ArrayList<>();
        for (Claim claim : open.values()) {
            end(claim, Ending.EXPIRED);
            Delivery delivery = claim.delivery();
            given.add(delivery.retry(AT_ONCE, "the server stopped before the agent that had claimed it was done")
                    .toCompletableFuture());
        }
        try {
            CompletableFuture.allOf(given.toArray(CompletableFuture<?>[]::new))
                    .exceptionally(error -> null) // then the leases run out
                    .get(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("claims were not given back in time; they come back when their leases run out");
        }
    }

    private CompletionStage<Ending> settle(
            String token, Caller caller, Function<Claim, CompletionStage<Settlement>> how, Ending wanted) {
        Claim claim = find(token, caller);
        if (claim == null) {
            return CompletableFuture.completedStage(formerEnding(token, caller));
        }
        return how.apply(claim)
                .thenApply(settlement -> switch (settlement) {
                    case SETTLED -> {
                        end(claim, wanted);
                        yield wanted;
                    }
                    case STALE -> {
                        end(claim, Ending.EXPIRED);
                        yield Ending.EXPIRED;
                    }
                    case ALREADY_SETTLED -> Ending.ALREADY_SETTLED;
                })
                .exceptionally(error -> uncertain(claim, error));
    }

    private void renew(Claim claim, long now) {
        claim.delivery().renew().whenComplete((still, error) -> {
            claim.renewed(now, error == null && still);
            if (error == null && !still) {
                end(claim, Ending.EXPIRED);
            }
        });
    }

    private @Nullable Claim find(String token, Caller caller) {
        Claim claim = open.get(token);
        return claim != null && claim.caller().name().equals(caller.name()) && !claim.isOver(System.nanoTime())
                ? claim
                : null;
    }

    private Ending formerEnding(String token, Caller caller) {
        Claim claim = open.get(token);
        if (claim != null && claim.caller().name().equals(caller.name())) {
            return Ending.EXPIRED; // over, and not yet given back
        }
        synchronized (ended) {
            Ending ending = ended.get(name(token, caller));
            return ending == null ? Ending.UNKNOWN : ending == Ending.EXPIRED ? ending : Ending.ALREADY_SETTLED;
        }
    }

    private void end(Claim claim, Ending ending) {
        boolean wasOpen = open.remove(claim.token()) != null;
        synchronized (ended) {
            if (wasOpen
                    || ending != Ending.EXPIRED) { // what was settled in the end is more than that its time was over
                ended.put(name(claim.token(), claim.caller()), ending);
            }
        }
        if (wasOpen) {
            claim.tray().settled();
        }
    }

    private static String name(String token, Caller caller) {
        return token + ' ' + caller.name();
    }

    private static Ending uncertain(Claim claim, Throwable error) {
        log.warn(
                "a claim was not settled group={} message_id={} cause={}",
                claim.tray().group(),
                claim.delivery().message().id(),
                error.getMessage());
        return Ending.UNCERTAIN;
    }
}
