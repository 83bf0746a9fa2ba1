package dev.slackline.app.demo;

import dev.slackline.app.serve.Declaration;
import dev.slackline.app.serve.Metrics;
import dev.slackline.app.serve.Server;
import dev.slackline.app.serve.ServerSettings;
import dev.slackline.app.wiring.Configuration;
import dev.slackline.app.wiring.McpCatalog;
import dev.slackline.mcp.http.McpDoor;
import dev.slackline.mcp.http.McpSettings;
import dev.slackline.queue.DeadLetters;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.Env;
import dev.slackline.queue.config.Settings;
import dev.slackline.slack.handler.RunningHandlers;
import dev.slackline.slack.handler.SlackHandlers;
import dev.slackline.slack.install.Workspaces;
import dev.slackline.slack.simulator.SlackSimulator;
import dev.slackline.slack.simulator.socket.SocketOptions;
import dev.slackline.slack.simulator.web.ApiFault;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * The whole of it: a simulated Slack that behaves as badly as the real one may, the real server with both intakes, a real
 * queue, a handler that fails now and then, and its answers, through the outbox, in the simulated Slack. Used once.
 */
public final class Demo {

    private static final int SOCKETS = 2;
    private static final int EVERY_FAULT = 20;
    private static final ApiFault NO_FAULT = ApiFault.slow(Duration.ZERO);
    /** Slack waits nearly no time, a minute and five minutes before its retries. */
    private static final double FASTER = 300;
    /** Slack waits three seconds for the acknowledgement of an envelope. */
    private static final SocketOptions SOCKET_MODE = new SocketOptions(
            Duration.ofSeconds(1),
            SocketOptions.SLACKS.warning(),
            SocketOptions.SLACKS.pingInterval(),
            SocketOptions.SLACKS.lifetime());

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LEAVING = Duration.ofSeconds(3);

    private final int events;
    private final DemoTopic topic;
    private final Consumer<String> out;
    private final Ledger ledger;
    private final DemoHandler handler;
    private final AtomicInteger posts = new AtomicInteger();

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
        this.handler = new DemoHandler(ledger, events / 2);
    }

    /** Runs it. @return whether nothing was lost, everything has one answer, and nothing forged got in */
    public boolean run() throws IOException, InterruptedException {
        try (SlackSimulator slack = SlackSimulator.builder()
                .workspace("demo-1")
                .signingSecret(UUID.randomUUID().toString())
                .subscribedTo("app_mention")
                .rateLimits(true)
                .speed(FASTER)
                .socketMode(SOCKET_MODE)
                .start()) {
            run(slack, environment(slack));
        }
        out.accept("");
        ledger.lines().forEach(out);
        out.accept("");
        out.accept(
                ledger.isClean()
                        ? "Nothing was lost. Every mention has exactly one answer."
                        : "Something went wrong: lost are " + ledger.lost());
        return ledger.isClean();
    }

    private void run(SlackSimulator slack, Env env) throws IOException, InterruptedException {
        Configuration configuration = Configuration.load(env, ServerSettings.ALL, values -> {});
        Metrics metrics = new Metrics();
        QueueSettings portable = QueueSettings.from(configuration.settings());
        QueueBackendProvider.Opening opening =
                new QueueBackendProvider.Opening(configuration.settings(), portable, InstantSource.system());
        Outage outage = new Outage(topic.open(() -> configuration.provider().open(opening)));
        try (Queue queue = Queue.of(outage, portable, metrics)) {
            queue.connect().toCompletableFuture().join();
            try {
                show(slack, queue, outage, env, ServerSettings.from(configuration.settings()), metrics);
            } finally {
                topic.remove();
            }
        }
    }

    private Env environment(SlackSimulator slack) {
        return topic.settings()
                .behind(
                        "demo",
                        Map.of(
                                "QUEUE_PUBLISH_RETRIES", "0", // so that an outage reaches Slack at once
                                "QUEUE_RETRY_BACKOFF", "100ms",
                                "SLACK_OUTBOX_SETTLE", "100ms",
                                "SLACK_SIGNING_SECRET", slack.signingSecret(),
                                "SLACK_APP_TOKEN", slack.appToken(),
                                "SLACK_API_URL", slack.apiUrl().toString(),
                                "SLACK_SOCKETS", Integer.toString(SOCKETS),
                                "HTTP_PORT", "0",
                                "LOG_LEVEL", "error")); // the warnings are about what is done here on purpose
    }

    private void show(
            SlackSimulator slack, Queue queue, Outage outage, Env env, ServerSettings settings, Metrics metrics)
            throws IOException, InterruptedException {
        Declaration declaration = Declaration.start(queue, out);
        declaration.done().toCompletableFuture().join();
        try (DemoOutbox outbox = DemoOutbox.open(topic, env, slack);
                Workspaces workspaces = Workspaces.open(env);
                McpCatalog agents = McpCatalog.open(env, queue, workspaces);
                Server server = start(queue, declaration, metrics, settings, agents);
                RunningHandlers handlers = SlackHandlers.create()
                        .on("app_mention", handler)
                        .postingThrough(outbox.posts())
                        .start(queue, Queue.DEFAULT_GROUP, outbox.slack())) {
            topic.consumedBy(() -> handlers.close(LEAVING));
            URI address = URI.create("http://127.0.0.1:" + server.port());
            out.accept("Slackline listens on " + address + " and over Socket Mode, and stores in "
                    + queue.status().reason() + " (" + queue.capabilities().durability() + ").");
            until(slack.socketMode()::connections, SOCKETS);
            slack.apiFaults().each(method -> method.equals("chat.postMessage") ? fault() : NO_FAULT);
            Crowd crowd = new Crowd(slack);
            new Traffic(slack, crowd, ledger, outage, out).send(address.resolve("/slack/events"), events);
            mend(queue.group(Queue.DEFAULT_GROUP).deadLetters());
            look(address);
            count(outbox, crowd);
        }
    }

    /** With agents let in as {@code serve} lets them in, though none comes. */
    private static Server start(
            Queue queue, Declaration declaration, Metrics metrics, ServerSettings settings, McpCatalog agents) {
        McpSettings mcp = McpSettings.from(Settings.parse(Env.of(Map.of()), McpSettings.ALL));
        McpDoor door = new McpDoor(agents.offer(), mcp, settings.http().idleTimeout());
        return Server.start(queue, declaration, metrics, settings, Optional.empty(), Optional.of(door), message -> {});
    }

    /** Slack has the message, and says that it failed: nobody can tell without looking. */
    private ApiFault fault() {
        return posts.getAndIncrement() % EVERY_FAULT == EVERY_FAULT / 2 ? ApiFault.serverErrorAfterwards() : NO_FAULT;
    }

    /** Waits until all but the question that the handler does not understand are handled; then mends it and replays. */
    private void mend(DeadLetters dead) throws InterruptedException {
        until(ledger::handled, events - 1);
        until(() -> dead.list(null, 1).toCompletableFuture().join().size(), 1);
        handler.mend();
        int replayed = dead.replayAll().toCompletableFuture().join();
        until(ledger::handled, events);
        out.accept("The handler failed " + handler.failures()
                + " times, before it answered or after, and got those messages"
                + " again; " + replayed + " it could not handle at all became a dead letter, and was replayed once the"
                + " handler was mended.");
    }

    /** Waits until no answer is under way, and counts those that people see. */
    private void count(DemoOutbox outbox, Crowd crowd) throws InterruptedException {
        until(outbox::posted, events);
        until(() -> outbox.isEmpty() ? 1 : 0, 1);
        crowd.answers().forEach(ledger::answered);
        out.accept("Its answers went through the outbox, within Slack's limits, to " + crowd.workspaces()
                + " workspaces; " + posts.get() / EVERY_FAULT
                + " times Slack had posted one and answered 503 all the same.");
    }

    /** Waits while a figure grows, until it is there or has not grown for a while; the ledger says what is missing. */
    private static void until(IntSupplier figure, int wanted) throws InterruptedException {
        int seen = figure.getAsInt();
        long grown = System.nanoTime();
        while (seen < wanted && System.nanoTime() - grown < PATIENCE.toNanos()) {
            TimeUnit.MILLISECONDS.sleep(20);
            int now = figure.getAsInt();
            grown = now == seen ? grown : System.nanoTime();
            seen = now;
        }
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
