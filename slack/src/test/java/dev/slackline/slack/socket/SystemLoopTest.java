package dev.slackline.slack.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SystemLoopTest {

    private final SystemLoop loop = new SystemLoop();

    @AfterEach
    void end() {
        loop.end();
    }

    @Test
    void whatIsToBeRunLaterIsRunNoSooner() throws Exception {
        CountDownLatch run = new CountDownLatch(1);
        long began = loop.nanos();
        loop.after(Duration.ofMillis(50), run::countDown);

        assertThat(run.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(loop.nanos() - began)
                .isGreaterThanOrEqualTo(Duration.ofMillis(50).toNanos());
    }

    @Test
    void whatIsCancelledIsNotRun() throws Exception {
        AtomicBoolean run = new AtomicBoolean();
        CountDownLatch later = new CountDownLatch(1);
        loop.run(() -> {
            loop.after(Duration.ofMillis(1), () -> run.set(true)).run();
            loop.after(Duration.ofMillis(20), later::countDown);
        });

        assertThat(later.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(run).isFalse();
    }

    @Test
    void whatGoesWrongKeepsNothingElseFromItsTurn() throws Exception {
        CountDownLatch ticks = new CountDownLatch(3);
        loop.every(Duration.ofMillis(5), () -> {
            ticks.countDown();
            throw new IllegalStateException("broken");
        });

        assertThat(ticks.await(30, TimeUnit.SECONDS)).isTrue();
    }
}
