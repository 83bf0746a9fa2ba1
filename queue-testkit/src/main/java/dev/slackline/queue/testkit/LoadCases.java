package dev.slackline.queue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Queue;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** What many messages, and many openings, leave behind. */
abstract class LoadCases {

    private static final int IN_FLIGHT = 256;

    @Case(73)
    void underLoadTheLedgerIsCleanAndMemoryFlat(Trial trial) {
        int count = Scale.of(10_000, 100_000, 1_000_000);
        String group = trial.group();
        long heap = HeapGauge.used();
        AtomicLong acked = new AtomicLong();
        CollectingSubscriber member =
                trial.join(trial.colleague(), group, delivery -> delivery.ack().thenRun(acked::incrementAndGet));
        member.request(Long.MAX_VALUE);
        long start = System.nanoTime();
        long[] latencies = publishTimed(trial, count);
        long published = System.nanoTime();
        Await.until(() -> count + " are acked; " + acked + " are", Duration.ofSeconds(100), () -> acked.get() >= count);
        long ended = System.nanoTime();
        member.cancel();
        Arrays.sort(latencies);
        trial.note(String.format(
                Locale.ROOT,
                "%d messages: published at %.0f/s, handled at %.0f/s, confirmation p50 %.2f ms, p99 %.2f ms",
                count,
                count / seconds(published - start),
                count / seconds(ended - start),
                latencies[count / 2] / 1e6,
                latencies[count * 99 / 100] / 1e6));
        assertThat(trial.stats(group).waiting()).isZero();
        long bound = (32L << 20) + 1024L * count; // the ledger itself keeps every id
        assertThat(HeapGauge.used() - heap).as("bytes of heap more").isLessThan(bound);
    }

    private static long[] publishTimed(Trial trial, int count) {
        long[] latencies = new long[count];
        Semaphore room = new Semaphore(IN_FLIGHT);
        for (int i = 0; i < count; i++) {
            int index = i;
            room.acquireUninterruptibly();
            long start = System.nanoTime();
            trial.queue().publish(trial.newMessage()).whenComplete((message, error) -> {
                latencies[index] = error == null ? System.nanoTime() - start : Long.MAX_VALUE;
                room.release();
            });
        }
        room.acquireUninterruptibly(IN_FLIGHT);
        assertThat(Arrays.stream(latencies)
                        .filter(latency -> latency == Long.MAX_VALUE)
                        .count())
                .as("failed publishes")
                .isZero();
        return latencies;
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }

    @Case(74)
    void openedAndClosedManyTimesNothingLeaks(Trial trial) {
        trial.publish();
        openAndClose(trial);
        Resources before = Resources.now();
        int cycles = 0;
        long enough = System.nanoTime() + Scale.of(10, 20, 100) * 1_000_000_000L; // connections take their time
        while (cycles < 100 || (cycles < 1000 && System.nanoTime() < enough)) {
            openAndClose(trial);
            cycles++;
        }
        trial.note("opened and closed " + cycles + " times");
        Await.until(
                () -> "threads and files are given back: before " + before + ", after " + Resources.now(),
                Await.bound(),
                () -> Resources.now().isAbout(before));
        CollectingSubscriber member =
                trial.join(trial.queue(), trial.group(), Delivery::ack).request(1);
        member.next();
        Await.until( // a broker that is busy may count late
                () -> "no other consumer is left at the broker: " + trial.stats(trial.group()),
                Await.bound(),
                () -> trial.stats(trial.group()).consumers() == 1);
    }

    private static void openAndClose(Trial trial) {
        Queue queue = Queue.of(trial.openBackend(), trial.queue().settings());
        String group = "leak-test";
        CollectingSubscriber member =
                CollectingSubscriber.to(queue.consume(group)).request(1);
        Await.until("it consumes", () -> Await.result(queue.groups()).contains(group));
        Await.result(queue.publish(trial.newMessage()));
        Await.result(member.next().ack());
        queue.close();
        Await.failure("the stream of a closed queue", member.ended());
    }
}
