package dev.slackline.app.demo;

import dev.slackline.app.serve.Declaration;
import dev.slackline.app.serve.Metrics;
import dev.slackline.app.serve.Server;
import dev.slackline.app.wiring.Configuration;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Worker;
import dev.slackline.queue.config.Env;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import dev.slackline.slack.HttpSettings;
import dev.slackline.slack.SlackSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The real server and a real queue, a simulated Slack that behaves as badly as the real one may, and a worker whose handler
 * fails now and then. Used once.
 */
public final class Demo {

    private static final int SENT_AT_ONCE = 16;
    private static final int EVERY_DUPLICATE = 10;
    private static final int EVERY_FORGERY = 25;
    private static final int PATIENCE_SECONDS = 30;

    private final int events;
    private final DemoTopic topic;
    private final Consumer<String> out;
    private final Ledger ledger;
    private final List<String> ids;
    private int forgeries;
    private int duplicates;

    /**
     * Takes how much to send, through which topic, and where to tell about it.
     *
     * @param events how many different events, at least 1
     */
    public Demo(int events, DemoTopic topic, Consumer<String> out) {
        this.events = events;
        this.topic = topic;
        this.out = out;
        this.ledger = new Ledger(events);
        this.ids = Stream.generate(() ->
                        "Ev" + UUID.randomUUID().toString().replace("-", "").substring(0, 12))
                .limit(events)
                .toList();
    }

    /** Runs it. @return whether nothing was lost and nothing forged got in */
    public boolean run() throws IOException, InterruptedException {
        String secret = UUID.randomUUID().toString();
        Configuration configuration = configuration(secret);
        Metrics metrics = new Metrics();
        QueueSettings portable = QueueSettings.from(configuration.settings());
        QueueBackendProvider.Opening opening =
                new QueueBackendProvider.Opening(configuration.settings(), portable, InstantSource.system());
        Outage outage = new Outage(topic.open(() -> configuration.provider().open(opening)));
        try (Queue queue = Queue.of(outage, portable, metrics)) {
            queue.connect().toCompletableFuture().join();
            try {
                show(queue, outage, configuration.settings(), secret, metrics);
            } finally {
                topic.remove();
            }
        }
        out.accept("");
        ledger.lines().forEach(out);
        out.accept("");
        out.accept(ledger.isClean() ? "Nothing was lost." : "Something went wrong: lost are " + ledger.lost());
        return ledger.isClean();
    }

    private void show(Queue queue, Outage outage, Settings settings, String secret, Metrics metrics)
            throws IOException, InterruptedException {
        Declaration declaration = Declaration.start(queue, out);
        declaration.done().toCompletableFuture().join();
        DemoHandler handler = new DemoHandler(ledger, ids.get(ids.size() / 2));
        try (Server server = Server.start(
                        queue, declaration, metrics, SlackSettings.from(settings), HttpSettings.from(settings));
                Worker worker = Worker.start(queue, Queue.DEFAULT_GROUP, 4, handler)) {
            topic.consumedBy(worker);
            URI address = URI.create("http://127.0.0.1:" + server.port());
            out.accept("Slackline listens on " + address + " and stores in "
                    + queue.status().reason() + " (" + queue.capabilities().durability() + ").");
            send(new SimulatedSlack(address, secret, ledger), outage);
            mend(queue, handler);
            look(address);
        }
    }

    private Configuration configuration(String secret) {
        List<Setting<?>> further = Stream.concat(SlackSettings.ALL.stream(), HttpSettings.ALL.stream())
                .toList();
        Env env = topic.settings()
                .behind(
                        "demo",
                        Map.of(
                                "QUEUE_PUBLISH_RETRIES", "0", // so that an outage reaches Slack at once
                                "QUEUE_RETRY_BACKOFF", "100ms",
                                "SLACK_SIGNING_SECRET", secret,
                                "HTTP_PORT", "0",
                                "LOG_LEVEL", "error")); // the warnings are about what is done here on purpose
        return Configuration.load(env, further, values -> {});
    }

    private void send(SimulatedSlack slack, Outage outage) throws InterruptedException {
        List<CompletableFuture<?>> sending = new ArrayList<>();
        Semaphore room = new Semaphore(SENT_AT_ONCE);
        int unavailable = Math.max(1, events / 10);
        for (int i = 0; i < events; i++) {
            if (i == events / 3) {
                outage.refuse(unavailable);
            }
            byte[] body = SimulatedSlack.event(ids.get(i), i);
            room.acquire();
            sending.add(deliver(slack, i, body).whenComplete((done, error) -> room.release()));
        }
        CompletableFuture.allOf(sending.toArray(CompletableFuture<?>[]::new)).join();
        out.accept("Slack sent " + events + " events, " + duplicates + " of them a second time, and somebody else sent "
                + forgeries + " forgeries, which were answered 401.");
        out.accept("The queue was taken away meanwhile: " + outage.refused()
                + " events were answered 503, and Slack sent" + " them again (" + slack.retries() + " retries).");
    }

    private CompletableFuture<?> deliver(SimulatedSlack slack, int i, byte[] body) {
        CompletableFuture<?> sent = slack.send(ids.get(i), body);
        if (i % EVERY_DUPLICATE == 0) {
            duplicates++;
            sent = sent.thenCompose(taken -> slack.sendAgain(ids.get(i), body));
        }
        if (i % EVERY_FORGERY == 0) {
            forgeries += 2;
            byte[] forged = SimulatedSlack.event("EvFORGED" + i, i);
            sent = sent.thenCompose(taken -> slack.sendForged(forged))
                    .thenCompose(status -> slack.sendUnsigned(forged));
        }
        return sent;
    }

    /** Waits until all but the event that the handler does not understand are handled; then mends it and replays. */
    private void mend(Queue queue, DemoHandler handler) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        var dead = queue.group(Queue.DEFAULT_GROUP).deadLetters();
        while ((ledger.handled() < events - 1
                        || dead.list(null, 1).toCompletableFuture().join().isEmpty())
                && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        handler.mend();
        int replayed = dead.replayAll().toCompletableFuture().join();
        try {
            ledger.complete().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // the ledger says what is missing
        }
        out.accept("The handler failed " + handler.failures() + " times and got those messages again; " + replayed
                + " it could not handle at all became a dead letter, and was replayed once the handler was mended.");
    }

    private void look(URI address) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        List<String> looks = new ArrayList<>();
        for (String path : List.of("/health/ready", "/metrics", "/")) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(address.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
            looks.add("GET " + path + " " + answer.statusCode());
        }
        out.accept("Meanwhile: " + String.join(", ", looks) + ".");
    }
}
