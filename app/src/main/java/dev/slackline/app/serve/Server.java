package dev.slackline.app.serve;

import dev.slackline.app.groups.GroupWatch;
import dev.slackline.app.process.Json;
import dev.slackline.app.serve.Page.Answer;
import dev.slackline.app.wiring.Workspaces;
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
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Handler;

/**
 * Everything that {@code slackline serve} answers: the Slack intake, health, metrics and the console. Does not own the
 * queue. Thread-safe.
 */
public final class Server implements AutoCloseable {

    private static final String JSON = "application/json";

    private final HttpServer http;
    private final GroupWatch watch;
    private final AnswerDesk desk;

    private Server(HttpServer http, GroupWatch watch, AnswerDesk desk) {
        this.http = http;
        this.watch = watch;
        this.desk = desk;
    }

    /** As with the settings of answers, which have their defaults. */
    public static Server start(
            Queue queue, Declaration declaration, Metrics metrics, SlackSettings slack, HttpSettings settings) {
        return start(
                queue,
                declaration,
                metrics,
                slack,
                settings,
                AnswerSettings.defaults(),
                Optional.empty(),
                message -> {});
    }

    /** As with the pages of installation of these workspaces, whose tokens are forgotten when Slack says so. */
    public static Server start(
            Queue queue,
            Declaration declaration,
            Metrics metrics,
            SlackSettings slack,
            HttpSettings settings,
            AnswerSettings answers,
            Workspaces workspaces) {
        return start(
                queue, declaration, metrics, slack, settings, answers, workspaces.door(), workspaces.revocations());
    }

    /**
     * Starts to serve. What Slack sends is answered 503 until the groups are declared.
     *
     * @param metrics what the queue tells as well
     * @param answers for what Slack's acknowledgement waits
     * @param install the pages where workspaces install the app
     * @param first hears of each message before it is stored
     * @throws dev.slackline.queue.config.ConfigurationException if there is no signing secret, or the port cannot be
     *     listened on
     */
    private static Server start(
            Queue queue,
            Declaration declaration,
            Metrics metrics,
            SlackSettings slack,
            HttpSettings settings,
            AnswerSettings answers,
            Optional<Handler> install,
            Consumer<Message> first) {
        AnswerDesk desk = new AnswerDesk(answers);
        InstantSource clock = InstantSource.system();
        Supplier<CompletableFuture<Readiness>> readiness = () -> declaration.isDone()
                ? Readiness.of(queue, metrics.lastPublish())
                : CompletableFuture.completedFuture(Readiness.waiting(queue, declaration.obstacle()));
        DurableIntake intake = new DurableIntake(queue, declaration::isDone, desk, first);
        List<Handler> doors = new ArrayList<>();
        install.ifPresent(doors::add);
        doors.addAll(List.of(
                new SlackIntake(intake, slack, metrics, clock),
                new AnswerDoor(desk, slack.maxBody()),
                new Page("/health/live", Server::live),
                new Page("/health/ready", () -> readiness.get().thenApply(Server::ready)),
                new Page("/metrics", () -> readiness.get().thenApply(now -> metrics(metrics, now))),
                new Page("/", () -> readiness.get().thenApply(Server::console))));
        HttpServer http = HttpServer.start(settings, doors);
        desk.listensAt(answers.url().isEmpty() ? settings.reachableAt(http.port()) : URI.create(answers.url()));
        return new Server(http, GroupWatch.start(queue, clock), desk);
    }

    /** The port it listens on. */
    public int port() {
        return http.port();
    }

    /** Where handlers answer, for other intakes of this process. */
    public Answers answers() {
        return desk;
    }

    /** Takes no more requests and lets those under way finish, for up to five seconds. */
    @Override
    public void close() {
        watch.close();
        desk.close();
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
