package dev.slackline.backend.nats;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.spi.PullPublisher;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.NUID;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.impl.NatsJetStreamMetaData;
import io.nats.client.support.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of a group, for as long as its connection lives. Asks the server for as many messages as the subscriber has
 * asked for, never more: what the server has handed out and nobody wants is held up for everybody.
 */
final class Member implements PullPublisher.Member {

    private static final Logger log = LoggerFactory.getLogger(Member.class);
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final byte[] ACK = "+ACK".getBytes(StandardCharsets.US_ASCII);

    private final Members services;
    private final String group;
    private final PullPublisher.Signals signals;
    private final Session session;
    private final Dispatcher dispatcher;
    private final String inbox = "_INBOX." + NUID.nextGlobal() + ".";
    private final String next;

    // Guarded by this.
    private final ArrayDeque<NatsDelivery> waiting = new ArrayDeque<>();
    private final Pulls pulls = new Pulls(inbox);
    private @Nullable Duration wait;
    private int wanted;
    /** How many have arrived and are not waiting yet, or never will. */
    private int looking;

    private boolean left;
    private boolean over;

    Member(Members services, String group, PullPublisher.Signals signals, Session session) {
        this.services = services;
        this.group = group;
        this.signals = signals;
        this.session = session;
        this.next = "$JS.API.CONSUMER.MSG.NEXT." + services.names().messages() + "." + group;
        this.dispatcher = session.connection().createDispatcher(this::arrived);
        dispatcher.setPendingLimits(-1, -1); // it holds what was asked for; what it dropped would count as an attempt
    }

    String group() {
        return group;
    }

    /** Begins: finds out whether there is such a group, and how often its server wants to hear of us. */
    void start() {
        dispatcher.subscribe(inbox + "*");
        services.threads().attempt(() -> {
            try {
                ConsumerInfo consumer = session.api().consumer(services.names().messages(), group);
                if (consumer == null) {
                    signals.fail(services.failures().undeclared(group));
                    return;
                }
                synchronized (this) {
                    wait = consumer.getConsumerConfiguration().getAckWait();
                }
                signals.wake();
            } catch (QueueException e) {
                signals.fail(e);
            }
        });
    }

    @Override
    public CompletionStage<List<Delivery>> fetch(int max) {
        List<Delivery> taken = new ArrayList<>(Math.min(max, waitingCount()));
        Pulls.Pull asked;
        synchronized (this) {
            while (taken.size() < max && !waiting.isEmpty()) {
                NatsDelivery delivery = waiting.remove();
                if (delivery.handOut()) {
                    taken.add(delivery);
                }
            }
            wanted = max - taken.size();
            asked = nextPull();
        }
        send(asked);
        return CompletableFuture.completedStage(taken);
    }

    @Override
    public void leave() {
        List<NatsDelivery> back;
        synchronized (this) {
            left = true;
            wanted = 0;
            back = List.copyOf(waiting);
            waiting.clear();
        }
        back.forEach(services.leases()::release);
        finishIfDone();
    }

    /** Ends the stream; the subscriber leaves then. */
    void end(QueueException why) {
        signals.fail(why);
    }

    /** The connection is gone. */
    void lose(QueueException why) {
        List<NatsDelivery> back;
        synchronized (this) {
            over = true;
            pulls.drop();
            back = List.copyOf(waiting);
            waiting.clear();
        }
        back.forEach(services.leases()::releaseLater);
        signals.fail(why);
    }

    /** Looks whether the server still answers. */
    void check() {
        boolean hopeless;
        Pulls.Pull again = null;
        synchronized (this) {
            hopeless = pulls.giveUpSilent() && pulls.isHopeless();
            if (!hopeless && !pulls.isStanding()) {
                again = nextPull();
            }
        }
        if (hopeless) {
            signals.fail(services.failures().consume("the server does not answer for group " + group, true, null));
        }
        send(again);
        finishIfDone();
    }

    synchronized boolean isUnanswered() {
        return pulls.isUnanswered();
    }

    synchronized boolean isWaiting() {
        return pulls.isStanding();
    }

    private synchronized int waitingCount() {
        return waiting.size();
    }

    /** What to ask for now. */
    private Pulls.@Nullable Pull nextPull() {
        return left || over || wait == null ? null : pulls.ask(wanted - waiting.size() - looking);
    }

    private void send(Pulls.@Nullable Pull asked) {
        if (asked != null) {
            try {
                session.connection().publish(next, asked.reply(), asked.request());
            } catch (IllegalStateException e) { // the connection is going; if it is not, check() asks again
                log.debug("a request was not sent group={}", group, e);
            }
        }
    }

    private void arrived(Message message) {
        if (message.isStatusMessage()) {
            ended(message);
        } else {
            take(message);
        }
        finishIfDone();
    }

    private void take(Message message) {
        NatsJetStreamMetaData place = message.metaData();
        Duration serverWaits;
        synchronized (this) {
            pulls.arrived();
            looking++;
            serverWaits = wait;
        }
        String replyTo = message.getReplyTo();
        if (replyTo == null || serverWaits == null) {
            looked(); // from nobody that was asked
            return;
        }
        NatsDelivery.Place from = new NatsDelivery.Place(
                group,
                replyTo,
                place.streamSequence(),
                place.timestamp().toInstant(),
                place.deliveredCount(),
                serverWaits);
        if (isNotForUs(message.getSubject())
                || services.leases().settled().contains(group, from.sequence(), from.stored())) {
            session.connection().publish(replyTo, ACK);
            looked();
            signals.wake(); // it has used up a place
            return;
        }
        Wire.Stored stored = Wire.unpack(
                message.getHeaders(),
                services.names().key(message.getSubject()),
                message.getData(),
                from.sequence(),
                from.stored());
        if (services.attempts().isAgain(group, from.sequence(), from.delivered())) {
            count(stored, from);
        } else {
            add(new NatsDelivery(stored, from, Attempts.Count.first(stored.attempt()), services.leases()));
        }
    }

    /** What was replayed for another group. */
    private boolean isNotForUs(String subject) {
        String only = services.names().onlyFor(subject);
        return only != null && !only.equals(group);
    }

    /** It may have been delivered before; whether that was an attempt must be asked. */
    private void count(Wire.Stored stored, NatsDelivery.Place from) {
        CompletableFuture<Attempts.Count> counted;
        try {
            counted = services.attempts().of(from, stored.attempt());
        } catch (QueueException e) {
            counted = CompletableFuture.failedFuture(e);
        }
        counted.whenComplete((count, error) -> {
            if (error == null && count.isEarly()) {
                postpone(new NatsDelivery(stored, from, count, services.leases()), count.early());
            } else if (error == null) {
                add(new NatsDelivery(stored, from, count, services.leases()));
            } else { // it comes again when the server has waited long enough
                looked();
                signals.fail(services.failures()
                        .consume(
                                "it cannot be found out which attempt a message of group " + group + " is",
                                true,
                                error));
            }
        });
    }

    private void postpone(NatsDelivery delivery, Duration left) {
        services.leases().add(delivery);
        delivery.postpone(left);
        looked();
        signals.wake(); // it has used up a place
    }

    private synchronized void looked() {
        looking--;
    }

    private void add(NatsDelivery delivery) {
        services.leases().add(delivery);
        boolean kept;
        synchronized (this) {
            looking--; // together with what follows: in between one more would be asked for than is wanted
            kept = !left && !over;
            if (kept) {
                waiting.add(delivery);
            }
        }
        if (kept) {
            signals.wake();
        } else {
            services.leases().release(delivery);
        }
    }

    /** The server will not answer a request any further. */
    private void ended(Message message) {
        Status status = message.getStatus();
        boolean early;
        synchronized (this) {
            Pulls.Pull ended = pulls.ended(message.getSubject());
            if (ended == null) {
                return;
            }
            early = pulls.isEarly(ended);
        }
        switch (status.getCode()) {
            case Status.NOT_FOUND_CODE, Status.REQUEST_TIMEOUT_CODE -> again(early);
            case Status.NO_RESPONDERS_CODE -> services.threads().attempt(this::findOut);
            case Status.CONFLICT_CODE -> conflict(status.getMessage());
            default -> refused(status);
        }
    }

    private void conflict(String said) {
        if (said.contains(Status.CONSUMER_DELETED)) {
            services.threads().attempt(this::findOut);
        } else if (said.contains(Status.LEADERSHIP_CHANGE)
                || said.contains(Status.SERVER_SHUTDOWN)
                || said.contains(Status.EXCEEDED_MAX_WAITING)) {
            again(true);
        } else {
            refused(new Status(Status.CONFLICT_CODE, said));
        }
    }

    private void refused(Status status) {
        signals.fail(services.failures()
                .consume(
                        "the server refuses to deliver to group " + group + " (" + status.getMessage()
                                + "); its consumer must be a pull consumer without limits to requests: delete it with 'nats"
                                + " consumer rm' and declare the group again",
                        false,
                        null));
    }

    /** Asks again, now or after a moment. */
    private void again(boolean later) {
        if (later) {
            synchronized (this) {
                pulls.pause();
            }
            services.threads().later(PAUSE, () -> {
                synchronized (this) {
                    pulls.goOn();
                }
                again(false);
            });
            return;
        }
        Pulls.Pull asked;
        synchronized (this) {
            asked = nextPull();
        }
        send(asked);
    }

    /** Nobody has answered: the group was dropped, the server has lost it, or it is only starting. */
    private void findOut() {
        try {
            if (session.api().consumer(services.names().messages(), group) != null) {
                again(true);
            } else {
                signals.fail(services.whyMissing(session, group));
            }
        } catch (QueueException e) {
            signals.fail(e);
        }
    }

    /** Once it has left, and the server sends nothing more: what came meanwhile was given back. */
    private void finishIfDone() {
        synchronized (this) {
            if (!left || (pulls.isStanding() && !over)) {
                return;
            }
        }
        services.remove(this);
        services.threads().attempt(() -> {
            if (dispatcher.isActive() && session.connection().getStatus() == Connection.Status.CONNECTED) {
                session.connection().closeDispatcher(dispatcher);
            }
        });
    }
}
