package dev.slackline.backend.sqlite;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.QueueBackend;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/** What a {@link Child} does: {@code ROLE FILE [SETTING…]}. */
final class ChildMain {

    private static final PrintStream out = System.out;

    private ChildMain() {}

    public static void main(String[] arguments) throws Exception {
        String[] settings = Arrays.copyOfRange(arguments, 2, arguments.length);
        try (QueueBackend backend = Sqlite.open(Path.of(arguments[1]), settings)) {
            switch (arguments[0]) {
                case "declare" -> declare(backend);
                case "flood" -> flood(backend);
                case "tick" -> tick(backend);
                case "hold" -> hold(backend);
                case "share" -> share(backend);
                case "fill" -> fill(backend);
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
    }

    private static void declare(QueueBackend backend) throws Exception {
        Sqlite.await(backend.group("default").declare());
        out.println("declared");
    }

    /** Publishes for ever, 64 in flight, and prints the id of each message that was confirmed. */
    private static void flood(QueueBackend backend) throws Exception {
        Sqlite.await(backend.group("default").declare());
        Semaphore permits = new Semaphore(64);
        for (int i = 0; ; i++) {
            permits.acquire();
            Message message = Sqlite.message(i);
            backend.publish(message).whenComplete((nothing, error) -> {
                permits.release();
                if (error == null) {
                    out.println(message.id());
                }
            });
        }
    }

    /** Publishes the time in nanoseconds every few milliseconds, for ever. */
    private static void tick(QueueBackend backend) throws Exception {
        Sqlite.await(backend.group("default").declare());
        out.println("ready");
        while (true) {
            LockSupport.parkNanos(30_000_000);
            Sqlite.await(backend.publish(Message.of("tick", Payload.of(Map.of("at", System.nanoTime())))));
        }
    }

    /** Takes one delivery, says so, and holds it for ever. */
    private static void hold(QueueBackend backend) throws Exception {
        Delivery delivery = Probe.on(backend, "default", 1).next();
        out.println(delivery.message().id() + " " + delivery.attempt());
        new Semaphore(0).acquire();
    }

    /** Handles what it gets until it gets the word to stop, and prints each id once it is acknowledged. */
    private static void share(QueueBackend backend) throws Exception {
        Probe probe = Probe.on(backend, "default", 64);
        out.println("ready");
        while (true) {
            Delivery delivery = probe.next();
            probe.request(1);
            if (delivery.message().key().equals("stop")) {
                Sqlite.await(delivery.ack());
                return;
            }
            delivery.ack()
                    .thenAccept(settlement -> out.println(delivery.message().id() + " " + settlement));
        }
    }

    /** Publishes until something fails, then makes room and publishes again. */
    private static void fill(QueueBackend backend) throws Exception {
        Sqlite.await(backend.group("default").declare());
        String text = "x".repeat(20_000);
        int stored = 0;
        Throwable failure = null;
        while (failure == null) {
            failure = backend.publish(Message.of("k", Payload.of(Map.of("text", text))))
                    .toCompletableFuture()
                    .handle((nothing, error) -> error)
                    .get();
            stored += failure == null ? 1 : 0;
        }
        out.println(stored + " " + backend.status().state() + " " + failure);
    }
}
