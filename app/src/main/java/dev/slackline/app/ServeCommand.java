package dev.slackline.app;

import dev.slackline.app.process.Terminal;
import dev.slackline.app.serve.Declaration;
import dev.slackline.app.serve.Metrics;
import dev.slackline.app.serve.Outgoing;
import dev.slackline.app.serve.Server;
import dev.slackline.app.serve.ServerSettings;
import dev.slackline.app.wiring.Configuration;
import dev.slackline.app.wiring.McpCatalog;
import dev.slackline.mcp.http.McpDoor;
import dev.slackline.mcp.http.McpSettings;
import dev.slackline.queue.Queue;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Setting;
import dev.slackline.slack.HttpSettings;
import dev.slackline.slack.install.Workspaces;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        header = "Takes what Slack sends, over HTTP or Socket Mode, and stores it in the queue.",
        description = {
            "Takes what Slack sends over HTTP or Socket Mode, checks that it is genuine, and stores it in the queue, until"
                    + " Ctrl-C or SIGTERM: then it finishes what is under way and ends with exit code 0.",
            "",
            "  POST /slack/events    for events, slash commands and interactions alike",
            "  GET  /health/live     GET /health/ready     GET /metrics     GET /  (console)",
            "  POST /mcp             for agents, as 'slackline mcp --help' says",
            "",
            "HTTP: set SLACK_SIGNING_SECRET to the secret that Slack shows at https://api.slack.com/apps -> your app ->"
                    + " Basic Information -> App Credentials -> Signing Secret, and give Slack the address of"
                    + " /slack/events, where TLS ends in front of this server, as the request URL."
                    + " Keep the other paths from the public: they tell how much waits in the queue.",
            "",
            "Socket Mode, which needs no public address: set SLACK_APP_TOKEN to an app-level token, xapp-…, with the scope"
                    + " connections:write, from Basic Information -> App-Level Tokens, and switch Socket Mode on for the"
                    + " app. Without SLACK_SIGNING_SECRET there is then no /slack/events.",
            "",
            "With SLACK_BOT_TOKEN, or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, it also brings to Slack what 'send' and handlers"
                    + " have put into the outbox. With the latter, workspaces install the app at /slack/install."
        },
        footer = {
            "",
            "Examples:",
            "  SLACK_SIGNING_SECRET=… HTTP_PORT=3000 slackline serve",
            "  SLACK_APP_TOKEN=xapp-… slackline serve"
        })
final class ServeCommand implements Callable<Integer> {

    private static final List<Setting<?>> SETTINGS = Stream.of(ServerSettings.ALL, McpCatalog.SETTINGS)
            .<Setting<?>>flatMap(List::stream)
            .toList();

    private final Context context;

    ServeCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Configuration configuration = Configuration.load(context.env().get(), SETTINGS, ServerSettings::requireIntake);
        ServerSettings settings = ServerSettings.from(configuration.settings());
        HttpSettings http = settings.http();
        Terminal terminal = context.terminal();
        Metrics metrics = new Metrics();
        try (Workspaces workspaces = Workspaces.open(context.env().get());
                Queue queue = configuration.open(metrics, UnaryOperator.identity())) {
            Declaration declaration = Declaration.start(queue, terminal::say);
            try (McpCatalog agents = McpCatalog.open(context.env().get(), queue, workspaces);
                    Server server =
                            start(queue, declaration, metrics, settings, workspaces, door(agents, configuration));
                    Outgoing outgoing = Outgoing.start(context.env().get(), workspaces)) {
                String host = http.host().contains(":") ? "[" + http.host() + "]" : http.host();
                String ready = "Slackline is ready on http://" + host + ":" + server.port() + " ("
                        + configuration.provider().name() + ")";
                CompletableFuture<Void> end = context.shutdown().requested();
                declaration.done().whenComplete((nothing, error) -> {
                    if (error == null) {
                        terminal.say(ready);
                    } else {
                        end.completeExceptionally(error);
                    }
                });
                end.join();
            }
        }
        return 0;
    }

    /** None where strangers would find it open: Slack's events go on coming in all the same. */
    private Optional<McpDoor> door(McpCatalog agents, Configuration configuration) {
        McpSettings mcp = McpSettings.from(configuration.settings());
        HttpSettings http = HttpSettings.from(configuration.settings());
        if (mcp.isSafeOn(http.host())) {
            return Optional.of(new McpDoor(agents.offer(), mcp, http.idleTimeout()));
        }
        context.terminal()
                .say("There is no /mcp here: HTTP_HOST=" + http.host()
                        + " lets others reach it, and neither MCP_AUTH_TOKEN nor MCP_OAUTH_ISSUER is set.");
        return Optional.empty();
    }

    private static Server start(
            Queue queue,
            Declaration declaration,
            Metrics metrics,
            ServerSettings settings,
            Workspaces workspaces,
            Optional<McpDoor> mcp) {
        try {
            return Server.start(
                    queue, declaration, metrics, settings, workspaces.door(), mcp, workspaces.revocations());
        } catch (ConfigurationException e) { // the settings were right: what failed is to listen
            throw new FailedException(String.valueOf(e.getMessage()), e);
        }
    }
}
