package dev.slackline.slack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ConfirmationsTest {

    private final Confirmations confirmations = new Confirmations();

    @Test
    void answersConfirmedTogetherAreGivenByOneTaskInTheirOrder() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        List<Integer> given = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            confirmations.add(() -> given.add(number), tasks::add);
        }
        assertThat(tasks).hasSize(1);
        tasks.remove().run();
        assertThat(given).hasSize(100).isSorted();
        confirmations.add(() -> given.add(100), tasks::add);
        tasks.remove().run();
        assertThat(given).hasSize(101);
    }

    @Test
    void anAnswerThatFailsHoldsUpNoOther() {
        List<String> given = new ArrayList<>();
        confirmations.add(
                () -> {
                    throw new StackOverflowError();
                },
                Runnable::run);
        confirmations.add(() -> given.add("other"), Runnable::run);
        assertThat(given).containsExactly("other");
    }

    @Test
    void everyAnswerIsGivenWhenManyThreadsConfirm() throws Exception {
        ExecutorService givers = Executors.newFixedThreadPool(4);
        ExecutorService confirmers = Executors.newFixedThreadPool(4);
        try {
            CountDownLatch given = new CountDownLatch(4 * 20_000);
            for (int i = 0; i < 4; i++) {
                confirmers.execute(() -> {
                    for (int n = 0; n < 20_000; n++) {
                        confirmations.add(given::countDown, givers);
                    }
                });
            }
            assertThat(given.await(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            confirmers.shutdownNow();
            givers.shutdownNow();
        }
    }
}
