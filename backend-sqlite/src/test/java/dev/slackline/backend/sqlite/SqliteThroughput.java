package dev.slackline.backend.sqlite;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.QueueBackend;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Rates beside plain JDBC on the same disk: {@code SqliteThroughput FOLDER MESSAGES WAITING}. */
final class SqliteThroughput {

    private static final int IN_FLIGHT = 64;
    private static final PrintStream out = System.out;

    private SqliteThroughput() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        int messages = Integer.parseInt(arguments[1]);
        int waiting = Integer.parseInt(arguments[2]);
        boolean ordered = arguments.length > 3;
        for (int round = 0; round < Integer.getInteger("rounds", 3); round++) {
            Path file = Files.createTempDirectory(folder, "throughput").resolve("q.db");
            double[] plain = plain(file.resolveSibling("plain.db"), messages);
            out.printf("plain JDBC       insert %,10.0f/s   select+delete %,10.0f/s%n", plain[0], plain[1]);
            try (QueueBackend backend = Sqlite.open(file)) {
                Sqlite.await(backend.group("default").declare());
                if (waiting > 0) {
                    double rate = publish(backend, waiting, 4_096, ordered)[0];
                    Thread.sleep(30_000); // the disk is still busy with what was filled in
                    out.printf("filled with %,d at %,.0f/s%n", waiting, rate);
                }
                Map<String, Long> before = cpu();
                double[] published = publish(backend, messages, IN_FLIGHT, ordered);
                Map<String, Long> between = cpu();
                double consumed = consume(backend, messages);
                out.println("cpu us/message   publish " + spent(before, between, messages) + "   consume+ack "
                        + spent(between, cpu(), messages));
                out.printf(
                        "slackline        publish %,9.0f/s (%.2f)  p50 %.2f ms p99 %.2f ms   consume+ack %,9.0f/s (%.2f)%n",
                        published[0],
                        published[0] / plain[0],
                        published[1],
                        published[2],
                        consumed,
                        consumed / plain[1]);
                if (waiting == 0) {
                    out.printf("publish to handler, idle: p50 %.2f ms p99 %.2f ms%n", (Object[]) idle(backend, 400));
                }
            }
        }
    }

    private static Map<String, Long> cpu() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Map<String, Long> times = new TreeMap<>();
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null) {
                times.merge(
                        thread.getThreadName().replaceAll("-[0-9]+$", "-n"),
                        threads.getThreadCpuTime(thread.getThreadId()),
                        Long::sum);
            }
        }
        return times;
    }

    private static String spent(Map<String, Long> before, Map<String, Long> after, int messages) {
        StringBuilder text = new StringBuilder();
        after.forEach((thread, time) -> {
            double micros = (time - before.getOrDefault(thread, 0L)) / 1e3 / messages;
            if (micros > 0.2) {
                text.append(String.format("%s %.1f ", thread.replace("slackline-sqlite-", ""), micros));
            }
        });
        return text.toString();
    }

    private static double[] publish(QueueBackend backend, int count, int inFlight, boolean ordered) throws Exception {
        Semaphore permits = new Semaphore(inFlight);
        AtomicInteger failed = new AtomicInteger();
        double[] latencies = new double[count];
        String text = "x".repeat(1_000);
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            permits.acquire();
            int number = i;
            long began = System.nanoTime();
            Message message = Message.of("event.message", Payload.of(Map.of("text", text)));
            backend.publish(ordered ? message.withOrderingKey("T/C" + i % 500) : message)
                    .whenComplete((nothing, error) -> {
                        latencies[number] = (System.nanoTime() - began) / 1e6;
                        if (error != null) {
                            failed.incrementAndGet();
                        }
                        permits.release();
                    });
        }
        permits.acquire(inFlight);
        double seconds = (System.nanoTime() - start) / 1e9;
        if (failed.get() > 0) {
            throw new IllegalStateException(failed + " failed");
        }
        Arrays.sort(latencies);
        return new double[] {count / seconds, latencies[count / 2], latencies[count * 99 / 100]};
    }

    private static double consume(QueueBackend backend, int count) throws Exception {
        CountDownLatch left = new CountDownLatch(count);
        long start = System.nanoTime();
        Flow.Subscription subscription = subscribe(backend, delivery -> left.countDown());
        left.await();
        double rate = count / ((System.nanoTime() - start) / 1e9);
        subscription.cancel();
        return rate;
    }

    private static Double[] idle(QueueBackend backend, int count) throws Exception {
        Semaphore arrived = new Semaphore(0);
        Flow.Subscription subscription = subscribe(backend, delivery -> arrived.release());
        List<Double> latencies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Thread.sleep(3);
            long began = System.nanoTime();
            CompletableFuture<Void> published =
                    backend.publish(Sqlite.message(i)).toCompletableFuture();
            arrived.acquire();
            latencies.add((System.nanoTime() - began) / 1e6);
            published.join();
        }
        subscription.cancel();
        latencies.sort(null);
        return new Double[] {latencies.get(count / 2), latencies.get(count * 99 / 100)};
    }

    private static Flow.Subscription subscribe(QueueBackend backend, java.util.function.Consumer<Delivery> handler) {
        CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
        backend.consume("default").subscribe(new Flow.Subscriber<>() {
            private Flow.@Nullable Subscription subscription;

            @Override
            public void onSubscribe(Flow.Subscription newSubscription) {
                subscription = newSubscription;
                subscribed.complete(newSubscription);
                newSubscription.request(IN_FLIGHT);
            }

            @Override
            public void onNext(Delivery delivery) {
                handler.accept(delivery);
                delivery.ack().thenAccept(settled -> {
                    if (subscription != null) {
                        subscription.request(1);
                    }
                });
            }

            @Override
            public void onError(Throwable cause) {
                cause.printStackTrace();
            }

            @Override
            public void onComplete() {}
        });
        return subscribed.join();
    }

    /** What the same disk gives without a queue: inserts, then select and delete, 64 in a transaction. */
    private static double[] plain(Path file, int count) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("CREATE TABLE message (seq INTEGER PRIMARY KEY, payload BLOB)");
            connection.setAutoCommit(false);
            byte[] payload = new byte[1_000];
            long start = System.nanoTime();
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO message (payload) VALUES (?)")) {
                for (int i = 1; i <= count; i++) {
                    insert.setBytes(1, payload);
                    insert.executeUpdate();
                    if (i % IN_FLIGHT == 0) {
                        connection.commit();
                    }
                }
                connection.commit();
            }
            double inserted = count / ((System.nanoTime() - start) / 1e9);
            return new double[] {inserted, plainConsume(connection, count)};
        }
    }

    private static double plainConsume(Connection connection, int count) throws Exception {
        long start = System.nanoTime();
        long bytes = 0;
        try (PreparedStatement select =
                        connection.prepareStatement("SELECT seq, payload FROM message ORDER BY seq LIMIT 64");
                PreparedStatement delete = connection.prepareStatement("DELETE FROM message WHERE seq = ?")) {
            for (int done = 0; done < count; ) {
                List<Long> numbers = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        numbers.add(row.getLong(1));
                        bytes += row.getBytes(2).length;
                    }
                }
                for (long number : numbers) {
                    delete.setLong(1, number);
                    delete.executeUpdate();
                }
                connection.commit();
                done += numbers.size();
            }
        }
        if (bytes != count * 1_000L) {
            throw new IllegalStateException("read " + bytes + " bytes");
        }
        return count / ((System.nanoTime() - start) / 1e9);
    }
}
