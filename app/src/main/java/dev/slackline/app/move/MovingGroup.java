package dev.slackline.app.move;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.DeadLetters;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Queue;
import dev.slackline.queue.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One group on its way. It consumes the group in the source as any member does, and acknowledges a message once the target
 * has it: whoever kills it leaves the message in the source, or in both.
 */
final class MovingGroup implements AutoCloseable {

    private static final Duration DRAIN = Duration.ofSeconds(20);
    private static final int PAGE = 500;
    private static final int MOST_AT_ONCE = 256;

    private final String name;
    private final Queue source;
    private final Target target;
    private final CompletableFuture<Void> closing = new CompletableFuture<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicLong stored = new AtomicLong();
    private final AtomicLong there = new AtomicLong();
    /** What the target has and the source has not let go of. */
    private final Set<String> confirmed = ConcurrentHashMap.newKeySet();

    private final AtomicLong lost = new AtomicLong();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private long dead;
    private long deadThere;
    private final Set<String> refusedDead = ConcurrentHashMap.newKeySet();
    private @Nullable Worker worker;

    MovingGroup(String name, Queue source, Target target) {
        this.name = name;
        this.source = source;
        this.target = target;
    }

    String name() {
        return name;
    }

    /** Begins; as many at once as the source has for one consumer. */
    CompletionStage<Void> start() {
        int atOnce = Math.min(source.settings().prefetch(), MOST_AT_ONCE);
        Worker started = Worker.start(source, name, atOnce, this::move);
        worker = started;
        return started.ended();
    }

    /** The source has let go of a message. */
    void acknowledged(String id) {
        if (!confirmed.remove(id)) {
            lost.incrementAndGet();
        }
    }

    /** How many messages the target has got from here. */
    long moved() {
        return stored.get() + there.get();
    }

    /** How many messages the target is being asked to take. */
    long underWay() {
        return underWay.get();
    }

    /** How many messages the target has refused for good. */
    long refused() {
        return refused.size();
    }

    /** Throws what has ended the stream, if anything but us did. */
    void rethrow() {
        Worker ended = worker;
        try {
            if (ended != null) {
                ended.ended().toCompletableFuture().join();
            }
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void move(Delivery delivery) {
        underWay.incrementAndGet();
        Target.Answer answer = target.take(name, delivery);
        underWay.decrementAndGet();
        switch (answer) {
            case STORED -> moved(delivery, stored);
            case THERE -> moved(delivery, there);
            case REFUSED -> {
                refused.add(delivery.message().id());
                closing.join(); // holding it keeps it from coming straight back
                delivery.release();
            }
            case STOPPED -> delivery.release();
        }
    }

    private void moved(Delivery delivery, AtomicLong counter) {
        confirmed.add(delivery.message().id());
        counter.incrementAndGet();
    }

    /** Takes over the dead letters, page by page: one is dropped in the source once the target has it. */
    void moveDead() {
        DeadLetters letters = source.group(name).deadLetters();
        String after = null;
        List<DeadLetter> page = letters.list(after, PAGE).toCompletableFuture().join();
        while (!page.isEmpty() && !target.isGivenUp()) {
            after = moveDead(page, letters, after);
            page = letters.list(after, PAGE).toCompletableFuture().join();
        }
    }

    /** Moves one page. @return the last one that stays, from which the next page begins */
    private @Nullable String moveDead(List<DeadLetter> page, DeadLetters letters, @Nullable String after) {
        Map<DeadLetter, CompletableFuture<Boolean>> begun = new HashMap<>();
        page.forEach(letter -> begun.put(letter, target.begin(letter)));
        List<String> done = new ArrayList<>();
        String last = after;
        for (DeadLetter letter : page) {
            Target.Answer answer = answer(letter, begun.get(letter));
            switch (answer) {
                case STORED -> dead++;
                case THERE -> deadThere++;
                case REFUSED -> refusedDead.add(letter.message().id());
                case STOPPED -> {}
            }
            if (answer == Target.Answer.STORED || answer == Target.Answer.THERE) {
                done.add(letter.message().id());
            } else {
                last = letter.message().id();
            }
        }
        letters.drop(done).toCompletableFuture().join();
        return last;
    }

    private Target.Answer answer(DeadLetter letter, @Nullable CompletableFuture<Boolean> begun) {
        try {
            if (begun != null) {
                return begun.join() ? Target.Answer.STORED : Target.Answer.THERE;
            }
        } catch (RuntimeException e) {
            // again, with patience
        }
        return target.take(letter);
    }

    /** What became of it, and what the source says of it now. */
    MoveLedger.Line line(GroupStats stats) {
        return new MoveLedger.Line(
                name,
                stored.get(),
                dead,
                there.get() + deadThere,
                refused.size() + refusedDead.size(),
                stats.waiting() + stats.dead(),
                lost.get());
    }

    /** Takes no more, and gives back what the target has not got. */
    @Override
    public void close() {
        closing.complete(null);
        Worker started = worker;
        if (started != null) {
            started.close(DRAIN);
        }
    }
}
