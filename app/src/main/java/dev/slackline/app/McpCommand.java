package dev.slackline.app;

import dev.slackline.app.process.Terminal;
import dev.slackline.app.wiring.Configuration;
import dev.slackline.app.wiring.McpCatalog;
import dev.slackline.mcp.access.AccessSettings;
import dev.slackline.mcp.http.McpDoor;
import dev.slackline.mcp.http.McpSettings;
import dev.slackline.mcp.protocol.Offer;
import dev.slackline.mcp.slack.ToolTable;
import dev.slackline.mcp.stdio.McpPipe;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueListener;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Env;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import dev.slackline.slack.HttpServer;
import dev.slackline.slack.HttpSettings;
import dev.slackline.slack.install.Workspaces;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "mcp",
        mixinStandardHelpOptions = true,
        header = "The MCP server: agents read and write Slack, and take its events as work.",
        description = {
            "Speaks MCP over stdin and stdout until stdin ends; the log goes to stderr. This is what an MCP client starts."
                    + " With --http it listens on HTTP_HOST and HTTP_PORT instead, as 'serve' does as well, at /mcp.",
            "",
            "On a loopback address no token is asked for. On any other, MCP_AUTH_TOKEN must name the tokens of the clients,"
                    + " or MCP_OAUTH_ISSUER the authorization server that gives them out.",
            "",
            "Set SLACK_BOT_TOKEN, xoxb-…, for the tools that work in Slack, and the queue's settings for the events that"
                    + " 'serve' stores. Agents only read Slack unless MCP_WRITE says otherwise."
        },
        footer = {
            "",
            "Examples:",
            "  claude mcp add slackline -- /path/to/slackline mcp",
            "  HTTP_PORT=3001 slackline mcp --http"
        })
final class McpCommand implements Callable<Integer> {

    private static final List<Setting<?>> SETTINGS = Stream.of(
                    McpCatalog.SETTINGS, HttpSettings.ALL, Workspaces.SETTINGS)
            .<Setting<?>>flatMap(List::stream)
            .toList();

    private final Context context;

    @Option(names = "--http", description = "Listen on HTTP_HOST and HTTP_PORT instead, at /mcp.")
    private boolean http;

    @Option(names = "--tools-markdown", description = "The documentation of all tools instead, as a table.")
    private boolean toolsMarkdown;

    McpCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (toolsMarkdown) {
            ToolTable.of(McpCatalog.everyTool()).lines().forEach(context.terminal()::result);
            return 0;
        }
        Env env = context.env().get();
        Configuration configuration = Configuration.load(env, SETTINGS, http ? McpCommand::requireSafe : given -> {});
        try (Workspaces workspaces = Workspaces.open(env);
                Queue queue = configuration.open(new QueueListener() {}, UnaryOperator.identity());
                McpCatalog catalog = McpCatalog.open(env, queue, workspaces)) {
            McpSettings settings = McpSettings.from(configuration.settings());
            boolean writes = configuration.settings().get(AccessSettings.WRITE).on();
            context.terminal().say(offered(catalog.offer(), workspaces.any(), writes));
            if (http) {
                listen(catalog.offer(), settings, HttpSettings.from(configuration.settings()));
            } else {
                speak(catalog.offer(), settings);
            }
        }
        return 0;
    }

    /** Who misses a tool in a client finds here, in its log, what keeps it back. */
    private static String offered(Offer offer, boolean slack, boolean writes) {
        String why = writes ? "" : "; without MCP_WRITE none of them changes anything in Slack";
        return "Slackline MCP offers " + offer.catalog().tools().size() + " tools"
                + (slack ? why : "; without SLACK_BOT_TOKEN none of them works in Slack");
    }

    /** Until the client closes its end; reading cannot be interrupted, so a signal leaves the reader behind. */
    private void speak(Offer offer, McpSettings settings) {
        Terminal terminal = context.terminal();
        if (terminal.asksPeople()) {
            terminal.say("This speaks MCP, a line of JSON a message, and is meant for an MCP client; Ctrl-D ends it.");
        }
        McpPipe pipe = new McpPipe(offer, terminal.in(), terminal::write, settings.maxBody());
        CompletableFuture<Void> end = context.shutdown().requested();
        Thread reader = new Thread(
                () -> {
                    try {
                        pipe.run();
                        end.complete(null);
                    } catch (RuntimeException | Error e) {
                        end.completeExceptionally(e);
                    }
                },
                "slackline-mcp-stdin");
        reader.setDaemon(true);
        reader.start();
        end.join();
    }

    private void listen(Offer offer, McpSettings settings, HttpSettings address) {
        try (McpDoor door = new McpDoor(offer, settings, address.idleTimeout());
                HttpServer server = start(address, door)) {
            context.terminal().say("Slackline MCP is ready on " + address.reachableAt(server.port()) + McpDoor.PATH);
            context.shutdown().requested().join();
            door.close(); // its streams would keep the server from ending
        }
    }

    private static HttpServer start(HttpSettings address, McpDoor door) {
        try {
            return HttpServer.start(address, List.of(door));
        } catch (ConfigurationException e) { // the settings were right: what failed is to listen
            throw new FailedException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void requireSafe(Env env) {
        Settings settings = Settings.parse(
                env,
                Stream.concat(McpSettings.ALL.stream(), HttpSettings.ALL.stream())
                        .toList());
        McpSettings.from(settings).requireSafe(HttpSettings.from(settings).host());
    }
}
