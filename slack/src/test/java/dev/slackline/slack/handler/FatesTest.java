package dev.slackline.slack.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.DeadLetterException;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import dev.slackline.queue.RetryLaterException;
import dev.slackline.slack.outbox.Outbox;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a message when handlers fail; an attempt budget is three. */
class FatesTest {

    private final Workshop workshop = new Workshop();
    private final List<String> called = new CopyOnWriteArrayList<>();

    FatesTest() throws IOException {}

    @AfterEach
    void close() {
        workshop.close();
    }

    @Test
    void aHandlerThatFailsIsCalledAgainWithoutThoseThatSucceeded() {
        workshop.start(SlackHandlers.create()
                .on("app_mention", note("first"))
                .on("app_mention", failing("second", 2))
                .on("app_mention", note("third")));

        workshop.event("event.app_mention", "");
        workshop.awaitDone();

        assertThat(called).containsExactlyInAnyOrder("first", "second", "second", "second", "third");
        assertThat(workshop.dead()).isEmpty();
    }

    @Test
    void eachThatFailsForGoodIsADeadLetterOfItsOwnAfterItsAttempts() {
        workshop.start(SlackHandlers.create()
                .on("app_mention", note("good"))
                .on("app_mention", failing("bad", 99))
                .named("bad")
                .on("app_mention", failing("worse", 99))
                .named("worse"));

        Message message = workshop.event("event.app_mention", "");
        Workshop.await(() -> workshop.stats().dead() == 2);

        assertThat(workshop.dead())
                .containsOnlyKeys(message.id() + "/bad", message.id() + "/worse")
                .containsEntry(message.id() + "/bad", "java.lang.IllegalStateException: bad");
        assertThat(called).filteredOn("good"::equals).hasSize(1);
        assertThat(called).filteredOn("bad"::equals).hasSize(3);
        assertThat(called).filteredOn("worse"::equals).hasSize(3);
    }

    @Test
    void aReplayedDeadLetterCallsItsOwnHandlerAlone() {
        AtomicBoolean broken = new AtomicBoolean(true);
        workshop.start(SlackHandlers.create().on("app_mention", note("good")).on("app_mention", (event, slack) -> {
            called.add("bad");
            if (broken.get()) {
                throw new DeadLetterException("cannot");
            }
        }));
        workshop.event("event.app_mention", "");
        Workshop.await(() -> workshop.stats().dead() == 1);
        assertThat(workshop.dead().values()).containsExactly("cannot");

        broken.set(false);
        workshop.queue
                .group(Workshop.GROUP)
                .deadLetters()
                .replayAll()
                .toCompletableFuture()
                .join();
        workshop.awaitDone();

        assertThat(called).containsExactly("good", "bad", "bad");
        assertThat(workshop.stats().dead()).isZero();
    }

    @Test
    void aHandlerSeesTheSameMessageHoweverOftenItIsCalled() {
        AtomicInteger calls = new AtomicInteger();
        workshop.start(SlackHandlers.create().on("app_mention", note("good")).on("app_mention", (event, slack) -> {
            called.add(event.message().id() + event.message().headers());
            if (calls.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
            }
        }));

        Message message = workshop.event("event.app_mention", "");
        workshop.awaitDone();

        assertThat(called).containsExactly("good", message.id() + "{}", message.id() + "{}", message.id() + "{}");
    }

    @Test
    void withAnOutboxAHandlerThatIsCalledAgainDoesNotPostAgain() {
        try (Queue posts = Workshop.memoryQueue(Outbox.GROUP)) {
            SlackHandler failing = failing("said", 1);
            workshop.start(
                    SlackHandlers.create().postingThrough(new Outbox(posts)).on("app_mention", (event, slack) -> {
                        slack.say("hello");
                        failing.handle(event, slack);
                    }));

            workshop.event("event.app_mention", "\"channel\":\"C1\"");
            workshop.awaitDone();

            assertThat(called).containsExactly("said", "said");
            assertThat(posts.group(Outbox.GROUP)
                            .stats()
                            .toCompletableFuture()
                            .join()
                            .waiting())
                    .isEqualTo(1);
            assertThat(workshop.slack.calls).isEmpty();
        }
    }

    @Test
    void aHandlerOnItsOwnIsRetriedInItsPlace() {
        workshop.start(SlackHandlers.create().on("app_mention", failing("only", 1)));

        Message message = workshop.event("event.app_mention", "");
        workshop.awaitDone();

        assertThat(called).containsExactly("only", "only");
        assertThat(workshop.dead()).doesNotContainKey(message.id());
    }

    @Test
    void aHandlerOnItsOwnHasTheOrderOfAChannelThroughItsRetries() {
        inOneChannel("Ev1", "Ev2", "Ev3");
        workshop.start(SlackHandlers.create().on("message", (event, slack) -> {
            called.add(event.message().id());
            if (called.size() == 1) {
                throw new IllegalStateException("not yet");
            }
        }));
        workshop.awaitDone();

        assertThat(called).containsExactly("Ev1", "Ev1", "Ev2", "Ev3");
    }

    @Test
    void whereThereAreOthersARetryHoldsBackNeitherThemNorTheChannel() {
        inOneChannel("Ev1", "Ev2", "Ev3");
        List<String> failing = new CopyOnWriteArrayList<>();
        workshop.start(SlackHandlers.create()
                .on("message", (event, slack) -> called.add(event.message().id()))
                .on("message", (event, slack) -> {
                    failing.add(event.message().id());
                    if (failing.size() == 1) {
                        throw new IllegalStateException("not yet");
                    }
                }));
        workshop.awaitDone();

        assertThat(called).containsExactly("Ev1", "Ev2", "Ev3");
        assertThat(failing).containsExactly("Ev1", "Ev2", "Ev3", "Ev1");
    }

    @Test
    void anErrorIsTheFailureOfItsHandlerAlone() {
        workshop.start(SlackHandlers.create()
                .on("app_mention", (event, slack) -> {
                    called.add("bad");
                    throw new AssertionError("cannot be");
                })
                .on("app_mention", note("good")));

        workshop.event("event.app_mention", "");
        Workshop.await(() -> workshop.stats().dead() == 1);

        assertThat(workshop.dead().values()).first().asString().contains("cannot be");
        assertThat(called).containsExactlyInAnyOrder("bad", "good", "bad", "bad");
    }

    @Test
    void aHandlerMayChooseWhenItIsCalledAgain() {
        AtomicInteger calls = new AtomicInteger();
        workshop.start(SlackHandlers.create().on("app_mention", note("good")).on("app_mention", (event, slack) -> {
            if (calls.incrementAndGet() == 1) {
                called.add(String.valueOf(System.nanoTime()));
                throw new RetryLaterException(Duration.ofMillis(300));
            }
            called.add(String.valueOf(System.nanoTime()));
        }));

        workshop.event("event.app_mention", "");
        workshop.awaitDone();

        assertThat(Long.parseLong(called.get(2)) - Long.parseLong(called.get(1)))
                .isGreaterThanOrEqualTo(Duration.ofMillis(290).toNanos());
    }

    @Test
    void whatAFormerHandlerFailedAtIsADeadLetterThatSaysSo() {
        workshop.start(SlackHandlers.create().on("app_mention", note("good")));
        workshop.queue
                .publish(Message.of("event.app_mention", Payload.of(Map.of()))
                        .withHeaders(Map.of("slackline-handler", "former")))
                .join();
        Workshop.await(() -> workshop.stats().dead() == 1);

        assertThat(workshop.dead().values()).first().asString().contains("'former'");
        assertThat(called).isEmpty();
    }

    @Test
    void aRefusalOfSlacksThatNoAttemptCanMendIsADeadLetterAtOnce() {
        workshop.slack.answer = "{\"ok\":false,\"error\":\"channel_not_found\"}";
        workshop.start(SlackHandlers.create().on("app_mention", (event, slack) -> slack.say("hello")));

        workshop.event("event.app_mention", "\"channel\":\"C1\"");
        Workshop.await(() -> workshop.stats().dead() == 1);

        assertThat(workshop.dead().values()).first().asString().contains("channel_not_found");
        assertThat(workshop.slack.calls).hasSize(1);
    }

    @Test
    void closingWaitsForTheHandlersThatRun() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        RunningHandlers running = workshop.start(SlackHandlers.create().on("app_mention", (event, slack) -> {
            entered.countDown();
            leave.await();
            called.add("done");
        }));
        workshop.event("event.app_mention", "");
        assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<Boolean> closed = CompletableFuture.supplyAsync(() -> running.close(Duration.ofSeconds(20)));
        assertThat(running.ended().toCompletableFuture()).isNotDone();
        leave.countDown();

        assertThat(closed.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(called).containsExactly("done");
    }

    private void inOneChannel(String... ids) {
        for (String id : ids) {
            Message message = Message.of("event.message", Payload.of(Map.of("event", Map.of("type", "message"))));
            workshop.queue.publish(message.withId(id).withOrderingKey("T1/C1")).join();
        }
    }

    private SlackHandler note(String name) {
        return (event, slack) -> called.add(name);
    }

    private SlackHandler failing(String name, int times) {
        AtomicInteger left = new AtomicInteger(times);
        return (event, slack) -> {
            called.add(name);
            if (left.getAndDecrement() > 0) {
                throw new IllegalStateException(name);
            }
        };
    }
}
