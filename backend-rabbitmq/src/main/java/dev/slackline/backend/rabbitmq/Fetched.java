package dev.slackline.backend.rabbitmq;

import dev.slackline.queue.Delivery;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** What a member has fetched and not handed out yet, and how much more it has the broker send. Thread-safe. */
final class Fetched {

    private static final int USUAL = 64;

    private final ArrayDeque<RabbitMqDelivery> waiting = new ArrayDeque<>();
    private final Credit credit;
    /** What the subscriber had asked for and not got, when it was last heard of. */
    private int wanted;

    private long wantedSinceNanos;
    private boolean checking;

    Fetched(int window) {
        this.credit = new Credit(window);
    }

    /** Hands out at most so many; the lease of each begins. */
    synchronized List<Delivery> take(int max) {
        List<Delivery> taken = new ArrayList<>(Math.min(max, USUAL));
        while (taken.size() < max && !waiting.isEmpty()) {
            RabbitMqDelivery next = waiting.remove();
            next.lease();
            taken.add(next);
        }
        if (wanted == 0) {
            wantedSinceNanos = System.nanoTime();
        }
        wanted = max - taken.size();
        return taken;
    }

    /** A message has come on a consumer of this epoch. */
    synchronized void arrived(int epoch) {
        credit.use(epoch);
    }

    synchronized void add(RabbitMqDelivery delivery) {
        waiting.add(delivery);
    }

    /** The broker has heard what became of these. */
    synchronized void settled(List<Unsettled.Answer> answers) {
        answers.forEach(answer -> credit.giveBack(answer.delivery().epoch()));
    }

    /** Nothing is wanted any more. */
    synchronized void close() {
        wanted = 0;
    }

    synchronized boolean isWanting() {
        return wanted > 0;
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }

    synchronized boolean isGranted() {
        return credit.isGranted();
    }

    /** Whether more may have to be asked for, now or after {@link Credit#STUCK}. */
    synchronized boolean isShort() {
        return missing() > 0 || credit.isStuck();
    }

    /** Whether it has waited for so long without the broker sending anything. */
    synchronized boolean isShutOut(Duration forLong) {
        return wanted > 0 && !credit.isGranted() && System.nanoTime() - wantedSinceNanos > forLong.toNanos();
    }

    /** How many more to ask for; none after the first call that says so until they are used. */
    synchronized Grant grantMore() {
        int more = missing();
        if (more > 0) {
            credit.grant(more);
        }
        return new Grant(more, credit.epoch(), credit.isStuck());
    }

    /**
     * What to ask the broker for.
     *
     * @param count how many more
     * @param epoch the name of what is granted until it is revoked
     * @param again whether to look again after {@link Credit#STUCK}
     */
    record Grant(int count, int epoch, boolean again) {}

    /** The broker sends no more; what waits here goes back. */
    synchronized List<RabbitMqDelivery> revoke() {
        credit.revoke();
        List<RabbitMqDelivery> back = List.copyOf(waiting);
        waiting.clear();
        return back;
    }

    /** Whether more has come than was wanted, and nobody has been told so yet. */
    synchronized boolean isToBeChecked() {
        if (checking || waiting.size() <= wanted) {
            return false;
        }
        checking = true;
        return true;
    }

    /** Whether what waits is still not asked for. */
    synchronized boolean isUnwanted(int demand) {
        checking = false;
        return !waiting.isEmpty() && demand == 0;
    }

    private int missing() {
        return credit.missing(wanted - waiting.size(), System.nanoTime());
    }
}
