package dev.slackline.app;

import dev.slackline.app.process.Terminal;
import dev.slackline.slack.simulator.SlackSimulator;
import dev.slackline.slack.simulator.SlackSimulatorBuilder;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        header = "A Slack of your own, on this machine, to write handlers against.",
        description = {
            "A Slack of your own, on this machine, until Ctrl-C: the Web API, Socket Mode, and a page to write messages,"
                    + " type commands, press buttons and fill in modals as somebody, and to see what your bot does.",
            "",
            "Prints the variables that a bot, or 'slackline serve', needs to talk to it. Keeps everything in memory."
        },
        footer = {
            "",
            "Examples:",
            "  slackline simulate                       (a bot connects by Socket Mode)",
            "  slackline simulate --events-url http://127.0.0.1:3000/slack/events",
            "  curl -d text=hello http://127.0.0.1:3001/simulator/say"
        })
final class SimulateCommand implements Callable<Integer> {

    private static final int MAX_PORT = 65_535;

    private final Context context;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "The port of 127.0.0.1; 0 for a free one. Default: ${DEFAULT-VALUE}.")
    private int port = 3001;

    @Option(
            names = "--events-url",
            paramLabel = "URL",
            description = "Send signed requests there instead of Socket Mode.")
    private @Nullable URI eventsUrl;

    @Option(
            names = "--signing-secret",
            paramLabel = "SECRET",
            description = "What those are signed with. Default: one that is printed.")
    private @Nullable String signingSecret;

    @Option(
            names = "--channel",
            paramLabel = "NAME",
            description = "A channel besides #general and #random. May be repeated.")
    private List<String> channels = new ArrayList<>();

    @Option(
            names = "--no-limits",
            description = "Without Slack's limits, such as one message a second for each channel.")
    private boolean noLimits;

    @Option(
            names = "--outside-marketplace",
            description = "conversations.history and .replies once a minute and for 15 messages, as for apps that are"
                    + " distributed outside the Marketplace.")
    private boolean outsideMarketplace;

    @Option(
            names = "--speed",
            paramLabel = "X",
            description = "How many times faster than at Slack the minutes between retries pass. Default: 1.")
    private double speed = 1;

    SimulateCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        CompletableFuture<Void> end = context.shutdown().requested();
        try (SlackSimulator slack = start()) {
            Terminal terminal = context.terminal();
            slack.outsideMarketplace(outsideMarketplace);
            terminal.result("SLACK_API_URL=" + slack.apiUrl());
            terminal.result("SLACK_BOT_TOKEN=" + slack.botToken());
            terminal.result("SLACK_SIGNING_SECRET=" + slack.signingSecret());
            if (eventsUrl == null) {
                terminal.result("SLACK_APP_TOKEN=" + slack.appToken());
            }
            terminal.say("A Slack of your own is ready on " + slack.url() + "/ ; Ctrl-C ends it");
            end.join();
        }
        return 0;
    }

    private SlackSimulator start() {
        if (port < 0 || port > MAX_PORT) {
            throw new UsageException("--port must be from 0 to " + MAX_PORT);
        }
        if (!(speed > 0)) {
            throw new UsageException("--speed must be above 0");
        }
        SlackSimulatorBuilder builder =
                SlackSimulator.builder().port(port).rateLimits(!noLimits).speed(speed);
        channels.forEach(channel -> builder.channel(channel.replaceFirst("^#", "")));
        if (eventsUrl != null) {
            if (!"http".equals(eventsUrl.getScheme()) && !"https".equals(eventsUrl.getScheme())) {
                throw new UsageException("--events-url must begin with http:// or https://");
            }
            builder.eventsUrl(eventsUrl);
        }
        if (signingSecret != null) {
            builder.signingSecret(signingSecret);
        }
        try {
            return builder.start();
        } catch (UncheckedIOException e) {
            throw new FailedException(String.valueOf(e.getMessage()), e);
        }
    }
}
