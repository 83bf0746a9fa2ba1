package dev.slackline.backend.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.Settlement;
import dev.slackline.queue.spi.PullPublisher;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One member of a group, on a channel of its own, for as long as that channel lives. What is said to the broker is said
 * by one thread at a time, which also waits for its replies; nobody else does.
 */
final class Member implements PullPublisher.Member, Runnable {

    /** For so long messages may wait here that the subscriber has not asked for; then others of the group get them. */
    private static final Duration UNWANTED = Duration.ofMillis(100);

    private final Members services;
    private final String group;
    private final String queue;
    private final PullPublisher.Signals signals;
    private final Unsettled unsettled = new Unsettled();
    private final AtomicInteger runs = new AtomicInteger();

    // Guarded by this.
    private final ArrayDeque<RabbitMqDelivery> fetched = new ArrayDeque<>();
    private final Credit credit;
    private int wanted;
    private long wantedSinceNanos;
    private boolean unwantedChecked;
    private boolean pausing;
    private boolean left;
    private boolean over;

    // Only set by the thread that runs.
    private volatile @Nullable Channel channel;
    private final List<String> consumers = new ArrayList<>();

    Member(Members services, String group, PullPublisher.Signals signals) {
        this.services = services;
        this.group = group;
        this.queue = services.names().group(group);
        this.signals = signals;
        this.credit = new Credit(services.window());
    }

    Members services() {
        return services;
    }

    String group() {
        return group;
    }

    @Override
    public CompletionStage<List<Delivery>> fetch(int max) {
        List<Delivery> taken = new ArrayList<>(Math.min(max, 64));
        boolean lacking;
        boolean tooMany;
        synchronized (this) {
            while (taken.size() < max && !fetched.isEmpty()) {
                RabbitMqDelivery next = fetched.remove();
                next.lease();
                taken.add(next);
            }
            if (wanted == 0) {
                wantedSinceNanos = System.nanoTime();
            }
            wanted = max - taken.size();
            lacking = (wanted > 0 && credit.missing(wanted, System.nanoTime()) > 0) || credit.isStuck();
            tooMany = checkUnwanted();
        }
        if (lacking) {
            wake();
        }
        if (tooMany) {
            services.threads().later(UNWANTED, this::pauseIfUnwanted);
        }
        return CompletableFuture.completedStage(taken);
    }

    @Override
    public void leave() {
        synchronized (this) {
            left = true;
            wanted = 0;
        }
        wake();
    }

    /** Ends the stream; the subscriber leaves then. */
    void end(QueueException why) {
        signals.fail(why);
    }

    /** Writes an answer to the broker, soon. */
    CompletableFuture<Settlement> answer(RabbitMqDelivery delivery, boolean ack) {
        CompletableFuture<Settlement> told = unsettled.answer(delivery, ack);
        wake();
        return told;
    }

    /** How many are here and not settled. */
    int inFlight() {
        return unsettled.all().size();
    }

    /** Whether it has waited for long to be let in. */
    synchronized boolean isShutOut(Duration forLong) {
        return wanted > 0 && !credit.isGranted() && System.nanoTime() - wantedSinceNanos > forLong.toNanos();
    }

    /** Gives back what is held for too long. */
    void expire(long nowMillis, long longestNanos) {
        for (RabbitMqDelivery delivery : unsettled.all()) {
            if (delivery.isHeld()) {
                delivery.expire(nowMillis, longestNanos);
            }
        }
    }

    /** Begins: opens the channel, and finds out whether there is such a group. */
    void start() {
        wake();
    }

    private void wake() {
        if (runs.getAndIncrement() == 0) {
            try {
                services.threads().execute(this);
            } catch (RejectedExecutionException e) { // closed
                lose(services.failures().closed());
            }
        }
    }

    @Override
    public void run() {
        int now = runs.get();
        do {
            try {
                step();
            } catch (CompletionException e) {
                lose(services.failures().asked("consuming failed", e.getCause() == null ? e : e.getCause()));
            } catch (IOException | TimeoutException | RuntimeException e) {
                lose(
                        Failures.notFound(e)
                                ? services.failures().undeclared(group)
                                : services.failures().asked("consuming failed", e));
            }
            now = runs.addAndGet(-now);
        } while (now != 0);
    }

    private void step() throws IOException, TimeoutException {
        boolean stop;
        synchronized (this) {
            if (over) {
                failAnswers();
                return;
            }
            stop = left || pausing;
        }
        Channel open = channel();
        if (stop || (unsettled.isGivingBack() && isNothingWanted())) {
            stopConsumers(open); // else what is given back would come to us again
        }
        List<Unsettled.Answer> answers = unsettled.take();
        if (!answers.isEmpty()) {
            settle(open, answers);
        }
        if (!isDone(open)) {
            askForMore(open);
        }
    }

    private Channel channel() throws IOException {
        Channel open = channel;
        if (open == null) {
            open = Topology.open(services.connection());
            channel = open;
            open.addShutdownListener(this::shutDown);
            open.queueDeclarePassive(queue);
        }
        return open;
    }

    private synchronized boolean isNothingWanted() {
        return wanted == 0;
    }

    /** Cancels, and gives back what came and was not handed out. */
    private void stopConsumers(Channel open) throws IOException {
        for (String consumer : consumers) {
            open.basicCancel(consumer);
        }
        consumers.clear();
        List<RabbitMqDelivery> back;
        synchronized (this) {
            credit.revoke();
            pausing = false;
            back = List.copyOf(fetched);
            fetched.clear();
        }
        back.forEach(RabbitMqDelivery::release);
    }

    private void settle(Channel open, List<Unsettled.Answer> answers) throws IOException {
        try {
            unsettled.write(open, answers);
        } catch (IOException | RuntimeException e) {
            answers.forEach(answer -> unknown(answer, e));
            services.threads().tell();
            throw e;
        }
        synchronized (this) {
            answers.forEach(answer -> credit.giveBack(answer.delivery().epoch()));
        }
        for (Unsettled.Answer answer : answers) {
            answer.delivery().settled(true);
            services.threads().addResult(() -> answer.told().complete(Settlement.SETTLED));
        }
        services.threads().tell();
    }

    private boolean isDone(Channel open) {
        synchronized (this) {
            if (!left || !unsettled.isEmpty()) {
                return left;
            }
            if (!unsettled.isWorkedOff()) {
                services.threads().later(Unsettled.WORKED_OFF, this::wake);
                return true;
            }
            over = true;
        }
        services.remove(this);
        Admin.closeQuietly(open);
        return true;
    }

    private void askForMore(Channel open) throws IOException {
        int more;
        int epoch;
        synchronized (this) {
            more = credit.missing(wanted - fetched.size(), System.nanoTime());
            epoch = credit.epoch();
            if (more > 0) {
                credit.grant(more);
            } else if (credit.isStuck()) {
                services.threads().later(Credit.STUCK, this::wake);
            }
        }
        if (more > 0) {
            open.basicQos(more);
            String name = services.consumerName(group);
            consumers.add(name);
            open.basicConsume(queue, false, name, new Arrivals(this, epoch));
        }
    }

    /** A message has come. */
    void arrived(int epoch, long tag, String routingKey, BasicProperties properties, byte[] body) {
        Story story = Wire.unpack(routingKey, properties, body, services.now());
        RabbitMqDelivery delivery = new RabbitMqDelivery(story, tag, Wire.returns(properties), epoch, this);
        unsettled.add(delivery);
        boolean waits = story.remainingDelay() > 0;
        boolean back;
        boolean tooMany;
        synchronized (this) {
            credit.use(epoch);
            back = left || over;
            if (!back && !waits) {
                fetched.add(delivery);
            }
            tooMany = checkUnwanted();
        }
        if (back) {
            delivery.release();
        } else if (waits) {
            delivery.passOn();
        } else {
            signals.wake();
        }
        if (tooMany) {
            services.threads().later(UNWANTED, this::pauseIfUnwanted);
        }
    }

    private boolean checkUnwanted() {
        if (unwantedChecked || fetched.size() <= wanted) {
            return false;
        }
        unwantedChecked = true;
        return true;
    }

    private void pauseIfUnwanted() {
        synchronized (this) {
            unwantedChecked = false;
            if (fetched.isEmpty() || signals.demand() > 0) {
                return;
            }
            pausing = true;
        }
        wake();
    }

    /** The broker has ended a consumer: its queue is deleted, or its node does not serve it. */
    void cancelled() {
        services.threads().library().execute(() -> signals.fail(services.whyCancelled(group)));
    }

    private void shutDown(ShutdownSignalException signal) {
        boolean expected;
        synchronized (this) {
            expected = over;
        }
        if (!expected) {
            lose(services.failures().asked("the broker closed the channel of group " + group, signal));
        }
    }

    /** Whether nothing is left to say to the broker. */
    boolean isQuiet() {
        synchronized (this) {
            return over
                    || (left
                            && fetched.isEmpty()
                            && !credit.isGranted()
                            && !unsettled.hasAnswers()
                            && unsettled.isWorkedOff());
        }
    }

    /** The channel is gone: the broker has taken back what was not settled. */
    void lose(QueueException why) {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            fetched.clear();
        }
        services.remove(this);
        Collection<RabbitMqDelivery> lost = unsettled.clear();
        lost.forEach(RabbitMqDelivery::lose);
        failAnswers();
        signals.fail(why);
        Channel open = channel;
        if (open != null && open.isOpen()) {
            services.threads().library().execute(() -> Admin.closeQuietly(open));
        }
    }

    private void failAnswers() {
        unsettled.take().forEach(answer -> unknown(answer, null));
        services.threads().tell();
    }

    private void unknown(Unsettled.Answer answer, @Nullable Exception cause) {
        answer.delivery().settled(false);
        services.threads()
                .addResult(() -> answer.told()
                        .completeExceptionally(services.failures()
                                .consume(
                                        "the connection was lost before the broker took the settlement of message "
                                                + answer.delivery().message().id(),
                                        true,
                                        cause)));
    }
}
