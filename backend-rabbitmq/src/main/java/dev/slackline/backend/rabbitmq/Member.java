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

    private final Fetched fetched;

    // Guarded by this.
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
        this.fetched = new Fetched(services.window());
    }

    Members services() {
        return services;
    }

    String group() {
        return group;
    }

    @Override
    public CompletionStage<List<Delivery>> fetch(int max) {
        List<Delivery> taken = fetched.take(max);
        if (fetched.isShort()) {
            wake();
        }
        checkUnwanted();
        return CompletableFuture.completedStage(taken);
    }

    @Override
    public void leave() {
        synchronized (this) {
            left = true;
        }
        fetched.close();
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

    /** Whether it has waited for so long to be let in. */
    boolean isShutOut(Duration forLong) {
        return fetched.isShutOut(forLong);
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
                runs.set(0);
                failAnswers();
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
        if (stop || (unsettled.isGivingBack() && !fetched.isWanting())) {
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

    /** Cancels, and gives back what came and was not handed out. */
    private void stopConsumers(Channel open) throws IOException {
        for (String consumer : consumers) {
            open.basicCancel(consumer);
        }
        consumers.clear();
        synchronized (this) {
            pausing = false;
        }
        fetched.revoke().forEach(RabbitMqDelivery::release);
    }

    private void settle(Channel open, List<Unsettled.Answer> answers) throws IOException {
        try {
            unsettled.write(open, answers);
        } catch (IOException | RuntimeException e) {
            answers.forEach(answer -> unknown(answer, e));
            services.threads().tell();
            throw e;
        }
        fetched.settled(answers);
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
        Fetched.Grant grant = fetched.grantMore();
        if (grant.again()) {
            services.threads().later(Credit.STUCK, this::wake);
        }
        if (grant.count() > 0) {
            open.basicQos(grant.count());
            String name = services.consumerName(group);
            consumers.add(name);
            open.basicConsume(queue, false, name, new Arrivals(this, grant.epoch()));
        }
    }

    /** A message has come. */
    void arrived(int epoch, long tag, String routingKey, BasicProperties properties, byte[] body) {
        Story story = Wire.unpack(routingKey, properties, body, services.now());
        RabbitMqDelivery delivery = new RabbitMqDelivery(story, tag, Wire.returns(properties), epoch, this);
        unsettled.add(delivery);
        fetched.arrived(epoch);
        if (story.remainingDelay() > 0) {
            delivery.passOn();
        } else if (!keep(delivery)) {
            delivery.release();
        } else {
            signals.wake();
            checkUnwanted();
        }
    }

    private synchronized boolean keep(RabbitMqDelivery delivery) {
        if (!left && !over) {
            fetched.add(delivery);
        }
        return !left && !over;
    }

    private void checkUnwanted() {
        if (fetched.isToBeChecked()) {
            services.threads().later(UNWANTED, this::pauseIfUnwanted);
        }
    }

    private void pauseIfUnwanted() {
        if (fetched.isUnwanted(signals.demand())) {
            synchronized (this) {
                pausing = true;
            }
            wake();
        }
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

    /** Whether its channel is gone. */
    synchronized boolean isOver() {
        return over;
    }

    /** Whether nothing is left to say to the broker. */
    boolean isQuiet() {
        synchronized (this) {
            return over
                    || (left
                            && fetched.isEmpty()
                            && !fetched.isGranted()
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
        }
        services.remove(this);
        fetched.revoke();
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
