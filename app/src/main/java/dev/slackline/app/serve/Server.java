package dev.slackline.app.serve;

import dev.slackline.app.groups.GroupWatch;
import dev.slackline.app.process.Json;
import dev.slackline.app.serve.Page.Answer;
import dev.slackline.mcp.http.McpDoor;
import dev.slackline.queue.Message;
import dev.slackline.queue.Queue;
import dev.slackline.slack.AnswerDoor;
import dev.slackline.slack.DurableIntake;
import dev.slackline.slack.HttpServer;
import dev.slackline.slack.HttpSettings;
import dev.slackline.slack.SlackIntake;
import dev.slackline.slack.SlackSettings;
import dev.slackline.slack.answer.AnswerDesk;
import dev.slackline.slack.answer.AnswerSettings;
import dev.slackline.slack.answer.Answers;
import dev.slackline.slack.socket.SocketMode;
import dev.slackline.slack.socket.SocketOverview;
import dev.slackline.slack.socket.SocketSettings;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Handler;
import org.jspecify.annotations.Nullable;

/**
 * Everything that {@code slackline serve} answers: the Slack intake, health, metrics and the console. Does not own the
 * queue. Thread-safe.
 */
public final class Server implements AutoCloseable {

    private static final String JSON = "application/json";

    private final HttpServer http;
    private final Optional<McpDoor> mcp;
    private final GroupWatch watch;
    private final AnswerDesk desk;
    private final @Nullable SocketMode socket;

    private Server(
            HttpServer http, Optional<McpDoor> mcp, GroupWatch watch, AnswerDesk desk, @Nullable SocketMode socket) {
        this.http = http;
        this.mcp = mcp;
        this.watch = watch;
        this.desk = desk;
        this.socket = socket;
    }

    /** Without Socket Mode, and with answers as they are by default. */
    public static Server start(
            Queue queue, Declaration declaration, Metrics metrics, SlackSettings slack, HttpSettings http) {
        SocketSettings none = new SocketSettings("", URI.create("https://slack.com/api/"), 2, 0, slack.maxBody());
        return start(queue, declaration, metrics, new ServerSettings(slack, none, AnswerSettings.defaults(), http));
    }

    /**
     * Starts to serve. Until the groups are declared, what Slack sends is answered 503 and no socket is opened.
     *
     * @param metrics what the queue tells as well
     * @throws dev.slackline.queue.config.ConfigurationException if there is neither a signing secret nor an app-level
     *     token, or the port cannot be listened on
     */
    public static Server start(Queue queue, Declaration declaration, Metrics metrics, ServerSettings settings) {
        return start(queue, declaration, metrics, settings, Optional.empty(), Optional.empty(), message -> {});
    }

    /**
     * {@link #start(Queue, Declaration, Metrics, ServerSettings)} for an app of several workspaces.
     *
     * @param install the pages where workspaces install it
     * @param mcp where agents come in; closed with the server
     * @param first hears of each message before it is stored
     */
    public static Server start(
            Queue queue,
            Declaration declaration,
            Metrics metrics,
            ServerSettings settings,
            Optional<Handler> install,
            Optional<McpDoor> mcp,
            Consumer<Message> first) {
        AnswerDesk desk = new AnswerDesk(settings.answers());
        InstantSource clock = InstantSource.system();
        DurableIntake intake = new DurableIntake(queue, declaration::isDone, desk, first);
        AtomicReference<@Nullable SocketMode> socket = new AtomicReference<>();
        Supplier<CompletableFuture<Readiness>> readiness = () -> (declaration.isDone()
                        ? Readiness.of(queue, metrics.lastPublish())
                        : CompletableFuture.completedFuture(Readiness.waiting(queue, declaration.obstacle())))
                .thenApply(now -> now.with(overview(socket.get())));
        List<Handler> doors = new ArrayList<>();
        install.ifPresent(doors::add);
        mcp.ifPresent(doors::add);
        if (settings.takesHttp()) {
            doors.add(new SlackIntake(intake, settings.slack(), metrics, clock));
        }
        doors.addAll(List.of(
                new AnswerDoor(desk, settings.slack().maxBody()),
                new Page("/health/live", Server::live),
                new Page("/health/ready", () -> readiness.get().thenApply(Server::ready)),
                new Page("/metrics", () -> readiness.get().thenApply(now -> metrics(metrics, now))),
                new Page("/", () -> readiness.get().thenApply(Server::console))));
        HttpServer http = HttpServer.start(settings.http(), doors);
        String url = settings.answers().url();
        desk.listensAt(url.isEmpty() ? settings.http().reachableAt(http.port()) : URI.create(url));
        if (settings.socket().isWanted()) {
            SocketMetrics counts = metrics.ofSocketMode();
            SocketMode mode = SocketMode.start(settings.socket(), intake, counts, clock, declaration.done());
            counts.watch(mode::overview);
            socket.set(mode);
        }
        return new Server(http, mcp, GroupWatch.start(queue, clock), desk, socket.get());
    }

    private static @Nullable SocketOverview overview(@Nullable SocketMode mode) {
        return mode == null ? null : mode.overview();
    }

    /** The port it listens on. */
    public int port() {
        return http.port();
    }

    /** Where handlers answer, for other intakes of this process. */
    public Answers answers() {
        return desk;
    }

    /** Takes nothing more and lets what is under way finish: six seconds at most over sockets, then five over HTTP. */
    @Override
    public void close() {
        watch.close();
        if (socket != null) {
            socket.close();
        }
        desk.close();
        mcp.ifPresent(McpDoor::close); // its streams would keep the server from ending
        http.close();
    }

    private static CompletableFuture<Answer> live() {
        return CompletableFuture.completedFuture(new Answer(200, JSON, Json.text(Map.of("status", "UP"))));
    }

    private static Answer ready(Readiness readiness) {
        return new Answer(readiness.isReady() ? 200 : 503, JSON, Json.text(readiness.asMap()));
    }

    private static Answer metrics(Metrics metrics, Readiness readiness) {
        return new Answer(200, "text/plain;version=0.0.4", metrics.scrape(readiness.groups()));
    }

    private static Answer console(Readiness readiness) {
        return new Answer(200, "text/html", ConsolePage.of(readiness));
    }
}
