package dev.slackline.slack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Group;
import dev.slackline.queue.Message;
import dev.slackline.queue.PublishException;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Status;
import dev.slackline.queue.config.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.eclipse.jetty.server.Connector;
import org.junit.jupiter.api.Test;

/** A queue that does not take what it is given: nothing of it may ever be answered 2xx. */
class SlackIntakeFailureTest {

    @Test
    void aQueueThatIsDownIsAnswered503() throws Exception {
        CompletionStage<Void> down = CompletableFuture.failedFuture(
                new QueueConnectionException("the broker is gone", "broken", "t", false, null));
        try (Door door = Door.open(queue(() -> down), Map.of())) {
            HttpResponse<String> answer = door.send(door.signed(Samples.MENTION));
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("x-slack-no-retry")).isEmpty();
            assertThat(answer.body()).doesNotContain("broker is gone");
            assertThat(door.count(IntakeAnswer.UNAVAILABLE)).hasValue(1);
        }
    }

    @Test
    void aQueueThatFailsUnexpectedlyIsAnswered503() throws Exception {
        try (Door door = Door.open(
                queue(() -> {
                    throw new IllegalStateException("a bug");
                }),
                Map.of())) {
            assertThat(door.post(Samples.MENTION)).isEqualTo(503);
            assertThat(door.post(Samples.COMMAND)).isEqualTo(503);
            assertThat(door.post(Samples.RATE_LIMITED)).isEqualTo(503);
        }
    }

    @Test
    void aQueueThatRefusesForAnotherReasonThanSizeIsAnswered503() throws Exception {
        CompletionStage<Void> refused =
                CompletableFuture.failedFuture(new PublishException("the disk is full", "broken", "t", false, null));
        try (Door door = Door.open(queue(() -> refused), Map.of())) {
            assertThat(door.post(Samples.MENTION)).isEqualTo(503);
        }
    }

    @Test
    void aClosedQueueIsAnswered503() throws Exception {
        try (Door door = Door.open()) {
            door.queue.close();
            assertThat(door.post(Samples.MENTION)).isEqualTo(503);
        }
    }

    @Test
    void aQueueSlowerThanTheBudgetIsAnswered503WhileSlackStillWaits() throws Exception {
        assertThat(DurableIntake.PUBLISH_BUDGET).isLessThan(Duration.ofSeconds(3));
        // by itself the queue would give up long after this test has
        try (Door door = Door.inTimeForSlack(queue(CompletableFuture::new, Map.of("QUEUE_PUBLISH_TIMEOUT", "10m")))) {
            long start = System.nanoTime();
            assertThat(door.post(Samples.MENTION)).isEqualTo(503);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThanOrEqualTo(DurableIntake.PUBLISH_BUDGET);
        }
    }

    @Test
    void nothingIsAnsweredBeforeTheQueueConfirms() throws Exception {
        CompletableFuture<Void> confirmed = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(1);
        try (Door door = Door.open(
                queue(() -> {
                    asked.countDown();
                    return confirmed;
                }),
                Map.of())) {
            CompletableFuture<Integer> status = CompletableFuture.supplyAsync(() -> postTo(door));
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(status).isNotDone();
            confirmed.complete(null);
            assertThat(status.get(30, TimeUnit.SECONDS)).isEqualTo(200);
        }
    }

    @Test
    void waitingForTheQueueIsNotIdleness() throws Exception {
        CompletableFuture<Void> confirmed = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(1);
        try (Door door = Door.open(
                queue(() -> {
                    asked.countDown();
                    return confirmed;
                }),
                Map.of())) {
            CompletableFuture<Integer> status = CompletableFuture.supplyAsync(() -> postTo(door));
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
            Connector connector = door.server.jetty().getConnectors()[0];
            connector.getConnectedEndPoints().forEach(connection -> connection.setIdleTimeout(100));
            long idle = System.nanoTime();
            Eventually.holds(() -> Duration.ofNanos(System.nanoTime() - idle).toMillis() > 700);
            assertThat(status).isNotDone();
            confirmed.complete(null);
            assertThat(status.get(30, TimeUnit.SECONDS)).isEqualTo(200);
        }
    }

    @Test
    void clientsThatGoAwayWhileTheQueueWorksLeaveNothingBehind() throws Exception {
        CompletableFuture<Void> confirmed = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(20);
        try (Door door = Door.open(
                queue(() -> {
                    asked.countDown();
                    return confirmed;
                }),
                Map.of())) {
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Socket client = new Socket(InetAddress.getLoopbackAddress(), door.server.port());
                client.getOutputStream()
                        .write(HttpServerTest.rawEvent(door, "Ev" + i).getBytes(UTF_8));
                clients.add(client);
            }
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
            for (Socket client : clients) {
                client.setSoLinger(clients.indexOf(client) % 2 == 0, 0); // a reset, or a plain end
                client.close();
            }
            confirmed.complete(null);
            Eventually.holds(() -> door.count(IntakeAnswer.DURABLE).get() == 20);
            Eventually.holds(() -> door.server.connections() == 0);
            assertThat(door.post(Samples.MENTION)).isEqualTo(200);
        }
    }

    @Test
    void manyRequestsWaitForTheQueueWithoutAThreadEach() throws Exception {
        CompletableFuture<Void> confirmed = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(200);
        try (Door door = Door.open(
                queue(() -> {
                    asked.countDown();
                    return confirmed;
                }),
                Map.of())) {
            HttpClient client = HttpClient.newHttpClient();
            List<CompletableFuture<HttpResponse<Void>>> answers = IntStream.range(0, 200)
                    .mapToObj(i -> door.signed(Samples.event("Ev" + i, "{\"type\":\"message\"}"))
                            .build())
                    .map(request -> client.sendAsync(request, HttpResponse.BodyHandlers.discarding()))
                    .toList();
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().startsWith("slackline-http"))
                    .hasSizeLessThan(32);
            confirmed.complete(null);
            for (CompletableFuture<HttpResponse<Void>> answer : answers) {
                assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void closingLetsARequestUnderWayFinish() throws Exception {
        CompletableFuture<Void> confirmed = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(1);
        Door door = Door.open(
                queue(() -> {
                    asked.countDown();
                    return confirmed;
                }),
                Map.of());
        CompletableFuture<Integer> status = CompletableFuture.supplyAsync(() -> postTo(door));
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> door.server.close(Duration.ofMinutes(10)));
        Eventually.holds(() -> !isListening(door));
        assertThat(closed).isNotDone();
        confirmed.complete(null);
        assertThat(status.get(30, TimeUnit.SECONDS)).isEqualTo(200);
        closed.get(30, TimeUnit.SECONDS);
        door.close();
    }

    @Test
    void aPayloadLargerThanTheQueueTakesIsAnswered413() throws Exception {
        Queue small = Door.memoryQueue(Map.of("QUEUE_MAX_PAYLOAD", "300"));
        try (Door door = Door.open(small, Map.of())) {
            String event = Samples.event("Ev1", "{\"type\":\"message\",\"text\":\"" + "x".repeat(300) + "\"}");
            assertThat(door.post(event)).isEqualTo(413);
            assertThat(door.post(Samples.event("Ev2", "{\"type\":\"message\"}")))
                    .isEqualTo(200);
            assertThat(door.count(IntakeAnswer.TOO_LARGE)).hasValue(1);
        }
    }

    @Test
    void aListenerThatFailsChangesNoAnswer() throws Exception {
        Queue queue = Door.memoryQueue(Map.of());
        try (Door door = Door.open(queue, Map.of())) {
            SlackIntake intake = new SlackIntake(
                    queue,
                    new SlackSettings(List.of(Door.SECRET), 1 << 20),
                    (answer, took) -> {
                        throw new IllegalStateException("a bug");
                    },
                    InstantSource.fixed(Door.NOW));
            HttpSettings any = new HttpSettings("127.0.0.1", 0, 10, Duration.ofSeconds(5), Duration.ofSeconds(5));
            try (HttpServer server = HttpServer.start(any, List.of(intake))) {
                URI uri = URI.create("http://127.0.0.1:" + server.port() + "/slack/events");
                assertThat(door.send(door.signed(Samples.MENTION).uri(uri)).statusCode())
                        .isEqualTo(200);
                assertThat(door.send(door.signed(Samples.MENTION).uri(uri)).statusCode())
                        .isEqualTo(200);
            }
        }
    }

    private static int postTo(Door door) {
        try {
            return door.post(Samples.MENTION);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isListening(Door door) {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), door.uri("/").getPort())) {
            return socket.isConnected();
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private static Queue queue(Supplier<CompletionStage<Void>> publish) {
        return queue(publish, Map.of());
    }

    private static Queue queue(Supplier<CompletionStage<Void>> publish, Map<String, String> env) {
        return Queue.of(
                new QueueBackend() {
                    @Override
                    public CompletionStage<Void> publish(Message message) {
                        return publish.get();
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
                        return CompletableFuture.completedFuture(List.of());
                    }

                    @Override
                    public Status status() {
                        return Status.down("it never works");
                    }

                    @Override
                    public Capabilities capabilities() {
                        return new Capabilities("broken", Set.of(), "none");
                    }

                    @Override
                    public void close() {}
                },
                QueueSettings.from(Settings.parse(env, QueueSettings.ALL)));
    }
}
