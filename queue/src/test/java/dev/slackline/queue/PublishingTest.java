package dev.slackline.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.slackline.queue.config.Settings;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class PublishingTest {

    private static final Message MESSAGE = Message.of("k", Payload.parse("{}"));

    private final AtomicInteger calls = new AtomicInteger();
    private final List<String> ids = new ArrayList<>();

    @Test
    void aTransientFailureIsTriedAgainUnderTheSameId() {
        try (Queue queue = queue(Map.of(), call -> call < 2 ? unavailable() : CompletableFuture.completedStage(null))) {
            long started = System.nanoTime();
            assertThat(queue.publish(MESSAGE).join()).isEqualTo(MESSAGE);
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThan(Duration.ofMillis(490));
            assertThat(ids).containsExactly(MESSAGE.id(), MESSAGE.id());
        }
    }

    @Test
    void eachFurtherAttemptWaitsTwiceAsLong() {
        try (Queue queue = queue(Map.of(), call -> call < 3 ? unavailable() : CompletableFuture.completedStage(null))) {
            long started = System.nanoTime();
            queue.publish(MESSAGE).join();
            assertThat(Duration.ofNanos(System.nanoTime() - started))
                    .as("half of 1 s and half of 2 s at least")
                    .isGreaterThan(Duration.ofMillis(1_490));
        }
    }

    @Test
    void whatIsDurableIsLoggedForThoseWhoAskWithoutItsPayload() {
        Message secret = Message.of("event.x", Payload.parse("{\"token\":\"hush\"}"));
        Logger logger = (Logger) LoggerFactory.getLogger(Publishing.class);
        logger.setLevel(Level.DEBUG);
        try (Logged logged = new Logged();
                Queue queue = queue(Map.of(), call -> CompletableFuture.completedStage(null))) {
            queue.publish(secret).join();
            assertThat(logged.lines())
                    .singleElement()
                    .asString()
                    .startsWith("DEBUG published message_id=" + secret.id() + " key=event.x took_ms=")
                    .doesNotContain("hush");
        } finally {
            logger.setLevel(null);
        }
    }

    @Test
    void retriesAreBounded() {
        try (Queue queue = queue(Map.of("QUEUE_PUBLISH_RETRIES", "1"), call -> unavailable())) {
            assertThatThrownBy(() -> queue.publish(MESSAGE).join()).hasCauseInstanceOf(QueueConnectionException.class);
            assertThat(calls).hasValue(2);
        }
    }

    @Test
    void aPermanentFailureIsNotTriedAgain() {
        PublishException refused = new PublishException("too bad", "scripted", "t", false, null);
        try (Queue queue = queue(Map.of(), call -> CompletableFuture.failedStage(refused))) {
            assertThatThrownBy(() -> queue.publish(MESSAGE).join()).hasCause(refused);
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    void aSilentBrokerFailsThePublishWhenTheTimeIsUp() {
        try (Queue queue = queue(Map.of(), call -> new CompletableFuture<>())) {
            assertThatThrownBy(
                            () -> queue.publish(MESSAGE, Duration.ofMillis(50)).get(20, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(
                            PublishException.class,
                            e -> assertThat(e.retryable()).isTrue())
                    .hasMessageContaining("50 ms");
        }
    }

    @Test
    void aLateConfirmationDoesNotTurnAFailureIntoASuccess() {
        CompletableFuture<Void> confirmation = new CompletableFuture<>();
        try (Queue queue = queue(Map.of(), call -> confirmation)) {
            CompletableFuture<Message> result = queue.publish(MESSAGE, Duration.ofMillis(20));
            assertThatThrownBy(result::join).hasCauseInstanceOf(PublishException.class);
            confirmation.complete(null);
            assertThat(result).isCompletedExceptionally();
        }
    }

    @Test
    void waitingPublishesAreBounded() {
        try (Queue queue = queue(Map.of(), call -> new CompletableFuture<>())) {
            for (int i = 0; i < Publishing.MAX_OUTSTANDING; i++) {
                queue.publish(MESSAGE);
            }
            assertThatThrownBy(() -> queue.publish(MESSAGE).get(20, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(
                            PublishException.class,
                            e -> assertThat(e.retryable()).isTrue())
                    .hasMessageContaining("publish slower");
        }
    }

    @Test
    void closingFailsWhatStillWaits() {
        Queue queue = queue(Map.of(), call -> new CompletableFuture<>());
        CompletableFuture<Message> waiting = queue.publish(MESSAGE);
        queue.close();
        assertThatThrownBy(waiting::join).hasCauseInstanceOf(QueueClosedException.class);
    }

    @Test
    void whatSlipsInWhileTheQueueIsClosedFailsToo() {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try {
            Publishing publishing = new Publishing(
                    new ScriptedBackend(call -> new CompletableFuture<>()),
                    QueueSettings.defaults(),
                    new QueueListener() {},
                    timer);
            publishing.close();
            assertThat(publishing.publish(MESSAGE, Duration.ofSeconds(1)))
                    .failsWithin(Duration.ZERO)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(QueueClosedException.class);
        } finally {
            timer.shutdownNow();
        }
    }

    @Test
    void publishingMayTakeForEver() {
        try (Queue queue = queue(Map.of(), call -> CompletableFuture.completedStage(null))) {
            assertThat(queue.publish(MESSAGE, ChronoUnit.FOREVER.getDuration()).join())
                    .isEqualTo(MESSAGE);
        }
    }

    private Queue queue(Map<String, String> env, IntFunction<CompletionStage<Void>> script) {
        QueueSettings settings = QueueSettings.from(Settings.parse(env, QueueSettings.ALL));
        return Queue.of(new ScriptedBackend(script), settings);
    }

    private static CompletionStage<Void> unavailable() {
        return CompletableFuture.failedStage(
                new QueueConnectionException("the broker is down", "scripted", "t", true, null));
    }

    /** A broker that answers publishes as told; nothing else of it is used. */
    private final class ScriptedBackend implements QueueBackend {

        private final IntFunction<CompletionStage<Void>> script;

        ScriptedBackend(IntFunction<CompletionStage<Void>> script) {
            this.script = script;
        }

        @Override
        public CompletionStage<Void> publish(Message message) {
            ids.add(message.id());
            return script.apply(calls.incrementAndGet());
        }

        @Override
        public Flow.Publisher<Delivery> consume(String group) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Group group(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<List<String>> groups() {
            return CompletableFuture.completedStage(List.of());
        }

        @Override
        public Status status() {
            return Status.up("scripted");
        }

        @Override
        public Capabilities capabilities() {
            return new Capabilities("scripted", Set.of(), "none");
        }

        @Override
        public void close() {}
    }
}
