package dev.slackline.slack.simulator;

import dev.slackline.slack.simulator.delivery.Deliveries;
import dev.slackline.slack.simulator.delivery.Occurrence;
import dev.slackline.slack.simulator.http.SignedRequests;
import dev.slackline.slack.simulator.socket.SocketMode;
import dev.slackline.slack.simulator.state.App;
import dev.slackline.slack.simulator.state.AppEvents;
import dev.slackline.slack.simulator.state.Channel;
import dev.slackline.slack.simulator.state.Grant;
import dev.slackline.slack.simulator.state.Ids;
import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.state.Signal;
import dev.slackline.slack.simulator.state.User;
import dev.slackline.slack.simulator.state.Workspace;
import dev.slackline.slack.simulator.state.World;
import dev.slackline.slack.simulator.web.ApiCall;
import dev.slackline.slack.simulator.web.ApiFaults;
import dev.slackline.slack.simulator.web.ApiHandler;
import dev.slackline.slack.simulator.web.AuthorizeHandler;
import dev.slackline.slack.simulator.web.Calls;
import dev.slackline.slack.simulator.web.FileHandler;
import dev.slackline.slack.simulator.web.RateLimits;
import dev.slackline.slack.simulator.web.ResponseUrls;
import dev.slackline.slack.simulator.web.WebApi;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Slack on 127.0.0.1: the Web API, the server of Socket Mode, and a workspace whose people do what a test or somebody
 * at the keyboard wants. Keeps everything in memory. Thread-safe; no method waits unless its name says so.
 */
public final class SlackSimulator implements AutoCloseable {

    private static final List<String> PEOPLE = List.of("ada", "grace", "linus");

    private final World world;
    private final Signal signal = new Signal();
    private final Calls calls = new Calls(signal::changed);
    private final ApiFaults apiFaults = new ApiFaults();
    private final ScheduledExecutorService timer;
    private final RateLimits limits;
    private final SocketMode socket;
    private final Deliveries deliveries;
    private final Interactions interactions;
    private final SimulatorServer server;

    SlackSimulator(SlackSimulatorBuilder options, App app) {
        InstantSource clock = InstantSource.system();
        timer = Executors.newScheduledThreadPool(2, SlackSimulator::thread);
        limits = new RateLimits(clock, options.rateLimits);
        socket = new SocketMode(app.id(), options.socket, clock, timer);
        deliveries = new Deliveries(clock, timer, options.scaledWaits(), options.eventsPerHour, socket);
        deliveries.limited(options.rateLimits);
        Ids ids = new Ids();
        world = new World(app, new AppEvents(app, options.subscribed, ids, deliveries::deliver), ids, clock);
        ResponseUrls responses = new ResponseUrls(clock);
        server = new SimulatorServer(options.port, socket);
        WebApi api = new WebApi(
                world,
                limits,
                () -> "ws://127.0.0.1:" + server.port() + socket.newAddress(),
                server.url(),
                this::later);
        interactions = new Interactions(world, deliveries, responses, server.url(), signal);
        addWorkspace(options.workspace, options.channels);
        for (int i = 1; i <= options.people; i++) {
            workspace().addUser("person" + i);
        }
        world.grants()
                .add(
                        app.appToken(),
                        new Grant(
                                Grant.Kind.APP,
                                workspace(),
                                workspace().bot(),
                                Set.of("connections:write", "authorizations:read")));
        if (options.eventsUrl != null) {
            deliverTo(options.eventsUrl);
        }
        server.start(List.of(
                new ApiHandler(api, apiFaults, calls, clock, timer),
                responses,
                new FileHandler(world),
                new AuthorizeHandler(world),
                new Control(this),
                new Page()));
    }

    /** One with the defaults, on a free port. */
    public static SlackSimulator start() {
        return builder().start();
    }

    /** One that is set up before it starts. */
    public static SlackSimulatorBuilder builder() {
        return new SlackSimulatorBuilder();
    }

    /** For {@code SLACK_API_URL}: {@code http://127.0.0.1:PORT/api/}. */
    public URI apiUrl() {
        return URI.create(server.url() + "/api/");
    }

    /** Where the page is, and everything else. */
    public URI url() {
        return URI.create(server.url());
    }

    /** For {@code SLACK_BOT_TOKEN}, in the first workspace. */
    public String botToken() {
        return botToken(workspace());
    }

    /** The token of the bot in a workspace. */
    public String botToken(Workspace workspace) {
        return "xoxb-" + workspace.id() + "-bot";
    }

    /** A token to act for somebody, in the first workspace. */
    public String userToken(String name) {
        return "xoxp-" + workspace().id() + "-" + name;
    }

    /** For {@code SLACK_APP_TOKEN}. */
    public String appToken() {
        return world.app().appToken();
    }

    /** For {@code SLACK_SIGNING_SECRET}. */
    public String signingSecret() {
        return world.app().signingSecret();
    }

    /** The one app: its id, client id and secrets. */
    public App app() {
        return world.app();
    }

    /** The first workspace. */
    public Workspace workspace() {
        return world.workspaces().get(0);
    }

    /** All workspaces. */
    public List<Workspace> workspaces() {
        return world.workspaces();
    }

    /**
     * Adds a workspace with {@code #general}, {@code #random}, the given channels, three people and the bot, whose
     * token is good at once.
     */
    public Workspace addWorkspace(String name, String... channels) {
        return addWorkspace(name, List.of(channels));
    }

    private Workspace addWorkspace(String name, List<String> channels) {
        Workspace workspace = world.addWorkspace(name);
        workspace.onChanged(signal::changed);
        List<User> people = PEOPLE.stream().map(workspace::addUser).toList();
        User first = people.get(0);
        Stream.concat(Stream.of("general", "random"), channels.stream()).forEach(channel -> {
            Channel made = workspace.addChannel(channel, Channel.Kind.PUBLIC, first, people);
            if (!channel.equals("random")) {
                made.members().add(workspace.bot().id());
            }
        });
        allow(Grant.Kind.BOT, botToken(workspace), workspace, workspace.bot());
        people.forEach(user -> allow(Grant.Kind.USER, "xoxp-" + workspace.id() + "-" + user.name(), workspace, user));
        return workspace;
    }

    private void allow(Grant.Kind kind, String token, Workspace workspace, User user) {
        world.grants().add(token, new Grant(kind, workspace, user, world.app().scopes()));
    }

    /** Makes a token bad: calls with it are answered {@code token_revoked}. */
    public void revoke(String token) {
        world.grants().revoke(token);
    }

    /** Adds a public channel to the first workspace, with everybody and the bot in it. */
    public Channel addChannel(String name) {
        Workspace workspace = workspace();
        synchronized (workspace) {
            return workspace.addChannel(name, Channel.Kind.PUBLIC, workspace.bot(), workspace.users());
        }
    }

    /** Somebody of the first workspace, by name; {@code ada}, {@code grace} and {@code linus} are there from the start. */
    public SimulatedUser user(String name) {
        return user(workspace(), name);
    }

    /** Somebody of a workspace, by name; added to it and its public channels if need be. */
    public SimulatedUser user(Workspace workspace, String name) {
        synchronized (workspace) {
            User found = workspace.user(name).orElseGet(() -> {
                User added = workspace.addUser(name);
                workspace.channels().stream()
                        .filter(channel -> channel.kind() == Channel.Kind.PUBLIC)
                        .forEach(channel -> channel.members().add(added.id()));
                allow(Grant.Kind.USER, "xoxp-" + workspace.id() + "-" + name, workspace, added);
                return added;
            });
            return new SimulatedUser(workspace, found, interactions);
        }
    }

    /** How to mention the bot in a text of the first workspace. */
    public String mention() {
        return "<@" + workspace().bot().id() + ">";
    }

    /** The messages of a channel of the first workspace by time, those for one person alone last. */
    public List<ChannelMessage> messages(String channel) {
        return messages(workspace(), channel);
    }

    /** The messages of a channel by time, those for one person alone last. */
    public List<ChannelMessage> messages(Workspace workspace, String channel) {
        synchronized (workspace) {
            Channel found = channel(workspace, channel);
            return Stream.concat(found.messages().values().stream(), found.ephemeral().stream())
                    .map(message -> ChannelMessage.of(found, message))
                    .toList();
        }
    }

    /**
     * Waits for a message that a bot wrote into a channel of the first workspace.
     *
     * @throws IllegalStateException if the bound passes
     */
    public ChannelMessage awaitBotMessage(String channel, Predicate<ChannelMessage> wanted, Duration bound) {
        return signal.await(
                bound,
                "message of a bot in " + channel,
                () -> messages(channel).stream()
                        .filter(ChannelMessage::isFromBot)
                        .filter(wanted)
                        .findFirst());
    }

    /** Every call of the Web API so far. */
    public List<ApiCall> calls() {
        return calls.all();
    }

    /** Every call of a method so far. */
    public List<ApiCall> calls(String method) {
        return calls.of(method);
    }

    /**
     * Waits for a call of a method.
     *
     * @throws IllegalStateException if the bound passes
     */
    public ApiCall awaitCall(String method, Predicate<ApiCall> wanted, Duration bound) {
        return signal.await(
                bound,
                "call of " + method,
                () -> calls(method).stream().filter(wanted).findFirst());
    }

    /** What is open before somebody, as the app is told of it. */
    List<ObjectNode> shownTo(SimulatedUser user) {
        return user.views().stream().map(view -> view.json(world.app())).toList();
    }

    /** Everything that the app was told of so far, in order. */
    public List<Occurrence> occurrences() {
        return deliveries.all();
    }

    /** Tells the app of an event of any type, whether it subscribed to that or not. */
    public Occurrence emit(ObjectNode event) {
        return world.tell(workspace(), event);
    }

    /** Socket Mode: its connections, and what goes wrong with them. */
    public SocketMode socketMode() {
        return socket;
    }

    /** What goes wrong with calls of the Web API. */
    public ApiFaults apiFaults() {
        return apiFaults;
    }

    /** Switches Slack's limits on or off: those on calls, on events and on failures. */
    public void rateLimits(boolean on) {
        limits.on(on);
        deliveries.limited(on);
    }

    /**
     * Sends everything from now on as signed requests, and nothing through Socket Mode.
     *
     * @param eventsUrl the app's, for events, commands and interactions
     * @return for what Slack does besides: verifying the URL, looking whether it answers
     */
    public SignedRequests deliverTo(URI eventsUrl) {
        SignedRequests requests = new SignedRequests(eventsUrl, world.app(), InstantSource.system());
        deliveries.use(requests);
        return requests;
    }

    /** Sends everything from now on through Socket Mode. */
    public void deliverToSockets() {
        deliveries.use(socket);
    }

    /** Whether the subscription was switched off because more than 95 % of the attempts failed, and switching it on. */
    public Deliveries deliveries() {
        return deliveries;
    }

    /** Whether tokens that {@code oauth.v2.access} gives expire, and come with a refresh token. Default: no. */
    public void tokenRotation(boolean on) {
        world.installations().rotating(on);
    }

    /** Ends the twelve hours of every token that expires: calls with it are answered {@code token_expired}. */
    public void expireTokens() {
        world.grants().expireAll();
    }

    /** Where people are sent back to after an installation whose app names no address, as Slack's page of the app says. */
    public void redirectUrl(URI url) {
        world.installations().redirect(url.toString());
    }

    /**
     * Whether the app counts as commercially distributed outside the Marketplace: then it may call {@code
     * conversations.history} and {@code conversations.replies} once a minute each, for 15 messages. Default: no.
     */
    public void outsideMarketplace(boolean on) {
        limits.readingLittle(on);
    }

    /** Takes the app out of a workspace: its tokens are bad, and it is told so. */
    public List<Occurrence> uninstall(Workspace workspace) {
        world.grants().deactivate(workspace.bot());
        ObjectNode revoked = Json.object().put("type", "tokens_revoked");
        ObjectNode tokens = revoked.putObject("tokens");
        tokens.putArray("oauth");
        tokens.putArray("bot").add(workspace.bot().id());
        return List.of(
                world.tell(workspace, revoked),
                world.tell(workspace, Json.object().put("type", "app_uninstalled")));
    }

    /** Ends it with all its connections. Idempotent. */
    @Override
    public void close() {
        timer.shutdownNow();
        socket.close();
        server.close();
    }

    private void later(Duration wait, Runnable task) {
        try {
            timer.schedule(task, wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // it ends, and what was scheduled with it
        }
    }

    private static Channel channel(Workspace workspace, String reference) {
        Optional<Channel> found = reference.startsWith("@")
                ? workspace.user(reference).map(user -> workspace.direct(user, workspace.bot()))
                : workspace.channel(reference);
        return found.orElseThrow(() -> new IllegalArgumentException("there is no " + reference));
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "slack-simulator-timer");
        thread.setDaemon(true);
        return thread;
    }
}
