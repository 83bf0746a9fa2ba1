package dev.slackline.backend.postgres;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Group;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Status;
import dev.slackline.queue.spi.PullPublisher;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A topic in a database: puts the parts together, hands each call to one of them, and closes them in order. */
final class PostgresBackend implements QueueBackend {

    private static final Logger log = LoggerFactory.getLogger(PostgresBackend.class);
    private static final Duration TICK = Duration.ofMillis(25);
    private static final Duration FIRST_TRY = Duration.ofSeconds(4);
    private static final Duration LEAVING = Duration.ofMillis(800);
    private static final Duration FINISHING = Duration.ofMillis(800);
    private static final Duration FORGETTING = Duration.ofMillis(700);
    private static final Duration KEEPING = Duration.ofMillis(400);
    private static final Duration TELLING = Duration.ofMillis(500);

    private final Capabilities capabilities;
    private final PostgresSettings settings;
    private final QueueSettings queue;
    private final Failures failures;
    private final Threads threads = new Threads();
    private final MovedClock clock;
    private final Schema schema;
    private final Connections connections;
    private final Waiting waiting = new Waiting();
    private final Bell bell;
    private final Members members;
    private final Publisher publisher;
    private final Settler settler;
    private final Lender lender;
    private final Questions questions;
    private final Housekeeping housekeeping;
    private final AtomicBoolean closed = new AtomicBoolean();

    PostgresBackend(Capabilities capabilities, PostgresSettings settings, QueueSettings queue, InstantSource clock) {
        this.capabilities = capabilities;
        this.settings = settings;
        this.queue = queue;
        this.failures = new Failures(settings);
        String name = settings.schema();
        this.clock = new MovedClock(clock, name);
        this.schema = new Schema(name, failures);
        this.connections = new Connections(new Dialling(settings), schema, failures, settings, this.clock, threads);
        this.bell = new Bell(name, connections, waiting, threads);
        this.members = new Members(name, connections, threads);
        this.publisher = new Publisher(connections, name, queue.dedupWindow(), threads, failures, bell);
        this.settler = new Settler(connections, name, queue.lease(), threads, failures, bell);
        LostLoans lost = new LostLoans(name, connections, bell);
        this.lender = new Lender(connections, settings, queue.lease(), threads, failures, settler, waiting, lost, bell);
        this.questions = new Questions(name, connections, members, threads, failures);
        this.housekeeping = new Housekeeping(name, queue.dedupWindow(), connections, members, lost);
    }

    /**
     * Connects, and waits some seconds for that.
     *
     * @throws QueueException if the server refuses for good
     */
    void start() {
        publisher.start();
        settler.start();
        lender.start();
        housekeeping.start(threads);
        if (!clock.isSystem()) {
            clock.tell(bell::ring);
            threads.keepEvery(TICK, this::lookAtClock);
        }
        Duration limit = queue.publishTimeout().compareTo(FIRST_TRY) < 0 ? queue.publishTimeout() : FIRST_TRY;
        try {
            CompletableFuture.runAsync(connections::connect, threads).get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof QueueException refusal && !refusal.retryable()) {
                throw refusal;
            }
        } catch (TimeoutException e) {
            // it goes on trying
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void lookAtClock() {
        try {
            if (connections.trouble() == null) {
                connections.call(connection -> null);
            }
        } catch (SQLException | QueueException e) {
            log.debug("the clock is looked at again", e);
        }
    }

    @Override
    public CompletionStage<Void> publish(Message message) {
        return publisher.publish(message);
    }

    @Override
    public Flow.Publisher<Delivery> consume(String group) {
        return new PullPublisher(
                signals -> {
                    PostgresMember member = new PostgresMember(group, signals, waiting, members);
                    members.join(member);
                    if (closed.get()) { // it may have come too late to be seen by close()
                        members.leave(member);
                        throw failures.closed();
                    }
                    bell.listen();
                    requireDeclared(member);
                    return member;
                },
                threads);
    }

    /** Also who asks for nothing is told that there is no such group, or no server. */
    private void requireDeclared(PostgresMember member) {
        questions
                .ask(connection -> questions.declared(connection, member.group()))
                .whenComplete((id, error) -> {
                    if (error != null) {
                        member.end(error);
                    }
                });
    }

    @Override
    public Group group(String name) {
        boolean earliest = queue.groupStart() == QueueSettings.Start.EARLIEST;
        return new PostgresGroup(name, settings.schema(), earliest, questions, housekeeping, bell);
    }

    @Override
    public CompletionStage<List<String>> groups() {
        return questions.groups();
    }

    @Override
    public CompletionStage<Void> dropTopic() {
        return questions.does(schema::drop);
    }

    @Override
    public Status status() {
        if (closed.get()) {
            return Status.down("closed");
        }
        QueueConnectionException trouble = connections.trouble();
        return trouble == null ? Status.up(settings.place()) : Status.down(String.valueOf(trouble.getMessage()));
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public String topic() {
        return settings.schema();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            members.all().forEach(member -> member.end(failures.closed()));
            members.awaitNobody(LEAVING);
            lender.stop(FINISHING);
            settler.stop(FINISHING);
            publisher.stop(FINISHING);
            bell.close();
            members.forget(threads, FORGETTING);
            threads.stopKeeping(KEEPING);
            connections.close();
            threads.close(TELLING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
