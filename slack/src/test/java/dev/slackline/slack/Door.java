package dev.slackline.slack;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import dev.slackline.queue.memory.MemoryProvider;
import dev.slackline.slack.answer.AnswerDesk;
import dev.slackline.slack.answer.AnswerSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.ArrayByteBufferPool;

/** The real server with an intake over a memory queue, and somebody who signs like Slack. */
final class Door implements AutoCloseable {

    static final String SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
    static final Instant NOW = Instant.parse("2026-03-04T05:06:07.089Z");

    /** Longer than a machine stands still: only the tests of a time are to see it end. */
    private static final Duration LONG = Duration.ofMinutes(10);

    private static final Map<String, String> OWN_PORT =
            Map.of("HTTP_PORT", "0", "HTTP_IDLE_TIMEOUT", "10m", "HTTP_REQUEST_TIMEOUT", "10m");

    final SlackSignature slack = new SlackSignature(List.of(SECRET));
    final Map<IntakeAnswer, AtomicInteger> answers = new EnumMap<>(IntakeAnswer.class);
    final Queue queue;
    /** Knows which buffers are out, and who took them. */
    final ArrayByteBufferPool.Tracking buffers = new ArrayByteBufferPool.Tracking();

    final AnswerDesk desk;
    final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    private Door(Queue queue, Map<String, String> env, List<String> secrets, Duration budget, Duration answering) {
        this.queue = queue;
        this.desk = new AnswerDesk(new AnswerSettings(AnswerSettings.defaults().keys(), answering, ""));
        for (IntakeAnswer answer : IntakeAnswer.values()) {
            answers.put(answer, new AtomicInteger());
        }
        List<Setting<?>> declared = new ArrayList<>(HttpSettings.ALL);
        declared.addAll(SlackSettings.ALL);
        Settings settings = Settings.parse(env, declared);
        SlackIntake intake = new SlackIntake(
                new DurableIntake(queue, () -> true, desk, message -> {}, budget),
                new SlackSettings(secrets, SlackSettings.from(settings).maxBody()),
                (answer, took) -> count(answer).incrementAndGet(),
                InstantSource.fixed(NOW));
        AnswerDoor answers = new AnswerDoor(desk, SlackSettings.from(settings).maxBody());
        this.server = HttpServer.start(HttpSettings.from(settings), List.of(intake, answers), buffers);
    }

    /** One whose acknowledgements wait for handlers of other processes. */
    static Door answering() {
        return answering(LONG);
    }

    static Door answering(Duration timeout) {
        Door door = new Door(memoryQueue(Map.of()), OWN_PORT, List.of(SECRET), LONG, timeout);
        door.desk.listensAt(door.uri("/"));
        return door;
    }

    static Door open() {
        return open(Map.of());
    }

    static Door open(Map<String, String> env) {
        return open(memoryQueue(Map.of()), env);
    }

    static Door open(Queue queue, Map<String, String> env) {
        return open(queue, env, List.of(SECRET));
    }

    static Door open(Queue queue, Map<String, String> env, List<String> secrets) {
        Map<String, String> all = new HashMap<>(OWN_PORT);
        all.putAll(env);
        return new Door(queue, all, secrets, LONG, LONG);
    }

    /** One that gives the queue no more time than Slack gives us. */
    static Door inTimeForSlack(Queue queue) {
        return new Door(queue, OWN_PORT, List.of(SECRET), DurableIntake.PUBLISH_BUDGET, LONG);
    }

    static Queue memoryQueue(Map<String, String> env) {
        MemoryProvider provider = new MemoryProvider();
        Collection<Setting<?>> declared = new ArrayList<>(QueueSettings.ALL);
        declared.addAll(provider.settings());
        Queue queue = Queue.open(provider, Settings.parse(env, declared));
        queue.declareGroups().toCompletableFuture().join();
        return queue;
    }

    AtomicInteger count(IntakeAnswer answer) {
        return Optional.ofNullable(answers.get(answer)).orElseThrow();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    /** A request signed now. */
    HttpRequest.Builder signed(String body) {
        return signed(body.getBytes(StandardCharsets.UTF_8));
    }

    HttpRequest.Builder signed(byte[] body) {
        return signed(body, NOW, slack);
    }

    HttpRequest.Builder signed(byte[] body, Instant time, SlackSignature signer) {
        return unsigned(body)
                .header(SlackSignature.TIMESTAMP_HEADER, Long.toString(time.getEpochSecond()))
                .header(SlackSignature.SIGNATURE_HEADER, signer.sign(time, body));
    }

    HttpRequest.Builder unsigned(byte[] body) {
        return HttpRequest.newBuilder(uri("/slack/events")).POST(HttpRequest.BodyPublishers.ofByteArray(body));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.timeout(Duration.ofSeconds(50)).build(), HttpResponse.BodyHandlers.ofString());
    }

    int post(String body) throws IOException, InterruptedException {
        return send(signed(body)).statusCode();
    }

    int post(byte[] body) throws IOException, InterruptedException {
        return send(signed(body)).statusCode();
    }

    /** What was stored, in its order. */
    List<Message> stored() {
        long ready = queue.group(Queue.DEFAULT_GROUP)
                .stats()
                .toCompletableFuture()
                .join()
                .waiting();
        List<Message> messages = new ArrayList<>();
        try (var deliveries = queue.deliveries(Queue.DEFAULT_GROUP)) {
            for (long i = 0; i < ready; i++) {
                Delivery delivery = deliveries.poll(Duration.ofSeconds(20)).orElseThrow();
                messages.add(delivery.message());
                delivery.ack().toCompletableFuture().join();
            }
        }
        return messages;
    }

    Message onlyStored() {
        List<Message> messages = stored();
        if (messages.size() != 1) {
            throw new AssertionError(messages.size() + " messages are stored, not one");
        }
        return messages.get(0);
    }

    @Override
    public void close() {
        server.close();
        desk.close();
        queue.close();
    }
}
