package dev.slackline.queue.testkit;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import dev.slackline.queue.Settlement;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * What the {@link ChildJvm} runs. Reads settings from standard input until its end, opens the topic and says {@code
 * READY}; then, by its first argument:
 *
 * <ul>
 *   <li>{@code publish [MILLIS]}: publishes without end, one in so many ms or as fast as it can, and says {@code CONFIRMED id} after each confirmation
 *   <li>{@code hold GROUP COUNT [PLACE…]}: asks for so many deliveries, says {@code DELIVERED id attempt} for each, acks
 *       those whose place in the order of arrival is named, and says {@code ACKED id} after each confirmation
 *   <li>{@code handle GROUP}: acks everything, says {@code DELIVERED id attempt} and {@code ACKING id} before each ack and
 *       {@code ACKED id} after its confirmation
 *   <li>{@code bury GROUP}: makes everything a dead letter, and says {@code DEAD id} after each confirmation
 * </ul>
 *
 * It works until it is killed.
 */
public final class ChildMain {

    private static final int IN_FLIGHT = 32;

    private ChildMain() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        PrintStream say = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        Queue queue = Queue.fromEnv(readSettings());
        say.println("READY");
        switch (arguments[0]) {
            case "publish" ->
                publish(
                        queue,
                        say,
                        arguments.length > 1 ? Duration.ofMillis(Long.parseLong(arguments[1])) : Duration.ZERO);
            case "handle" -> Handling.of(queue.consume(arguments[1]), IN_FLIGHT, delivery -> handle(delivery, say));
            case "hold" -> hold(queue, say, arguments);
            case "bury" ->
                CollectingSubscriber.to(
                                queue.consume(arguments[1]),
                                delivery -> delivery.deadLetter("buried")
                                        .thenRun(() -> say.println(
                                                "DEAD " + delivery.message().id())))
                        .request(Long.MAX_VALUE);
            default -> throw new IllegalArgumentException("no such mode: " + arguments[0]);
        }
        Thread.currentThread().join();
    }

    private static Map<String, String> readSettings() {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        return input.lines()
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    }

    private static void publish(Queue queue, PrintStream say, Duration pace) throws InterruptedException {
        Semaphore room = new Semaphore(IN_FLIGHT);
        Payload payload = Payload.of(Map.of("from", "another process"));
        while (!Thread.currentThread().isInterrupted()) {
            room.acquire();
            queue.publish(Message.of("event.message", payload)).whenComplete((message, error) -> {
                if (error == null) {
                    say.println("CONFIRMED " + message.id());
                }
                room.release();
            });
            LockSupport.parkNanos(pace.toNanos());
        }
    }

    private static CompletionStage<?> handle(Delivery delivery, PrintStream say) {
        String id = delivery.message().id();
        say.println("DELIVERED " + id + " " + delivery.attempt());
        say.println("ACKING " + id);
        return delivery.ack().thenAccept(settlement -> {
            if (settlement == Settlement.SETTLED) {
                say.println("ACKED " + id);
            }
        });
    }

    private static void hold(Queue queue, PrintStream say, String[] arguments) {
        int count = Integer.parseInt(arguments[2]);
        Set<String> places = Set.copyOf(List.of(arguments).subList(3, arguments.length));
        CollectingSubscriber member = CollectingSubscriber.to(queue.consume(arguments[1]));
        member.request(count);
        for (int place = 1; place <= count; place++) {
            Delivery delivery = member.next();
            say.println("DELIVERED " + delivery.message().id() + " " + delivery.attempt());
            if (places.contains(Integer.toString(place))) {
                Await.result(delivery.ack());
                say.println("ACKED " + delivery.message().id());
            }
        }
    }
}
