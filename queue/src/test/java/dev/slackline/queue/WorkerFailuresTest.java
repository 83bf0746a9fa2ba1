package dev.slackline.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a handler or the machine does, no delivery, ordering key or place of a worker is lost. */
class WorkerFailuresTest {

    private static final String GROUP = "bots";

    private final Queue queue = Queue.fromEnv(Map.of(
            "QUEUE_BACKEND", "memory",
            "QUEUE_GROUPS", GROUP,
            "QUEUE_MAX_ATTEMPTS", "2",
            "QUEUE_RETRY_BACKOFF", "10ms",
            "QUEUE_PREFETCH", "1",
            "QUEUE_LEASE", "300ms"));

    @AfterEach
    void close() {
        queue.close();
    }

    @ParameterizedTest
    @ValueSource(classes = {OutOfMemoryError.class, StackOverflowError.class, Error.class, UntellableException.class})
    void whateverAHandlerThrowsTheNextMessageOfTheKeyIsHandled(Class<? extends Throwable> thrown) throws Exception {
        Throwable failure = thrown.getDeclaredConstructor().newInstance();
        publish("first");
        publish("second");
        CountDownLatch second = new CountDownLatch(1);
        try (Worker worker = Worker.start(queue, GROUP, 1, delivery -> {
            if (delivery.message().key().equals("first")) {
                throwAny(failure);
            }
            second.countDown();
        })) {
            assertThat(second.await(5, TimeUnit.SECONDS)).isTrue();
        }
        GroupStats after = queue.group(GROUP).stats().toCompletableFuture().join();
        assertThat(after.dead()).isEqualTo(1);
        assertThat(after.waiting()).isZero();
    }

    private void publish(String key) {
        queue.publish(Message.of(key, Payload.parse("{}")).withOrderingKey("T1/C1"))
                .join();
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwAny(Throwable failure) throws T {
        throw (T) failure;
    }

    /** An exception that fails when it is asked what happened. */
    static final class UntellableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message to be had");
        }
    }
}
