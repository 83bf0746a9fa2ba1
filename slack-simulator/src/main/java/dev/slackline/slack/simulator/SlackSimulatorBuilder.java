package dev.slackline.slack.simulator;

import dev.slackline.slack.simulator.socket.SocketOptions;
import dev.slackline.slack.simulator.state.App;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How a simulator is set up before it starts. Not thread-safe. */
public final class SlackSimulatorBuilder {

    private static final List<Duration> SLACKS_WAITS =
            List.of(Duration.ZERO, Duration.ofMinutes(1), Duration.ofMinutes(5));

    private static final int HOURS_OF_A_DAY = 24;

    int port;
    boolean rateLimits;
    String workspace = "simulated";
    int people;
    final List<String> channels = new ArrayList<>();
    Set<String> subscribed = Set.of();
    SocketOptions socket = SocketOptions.SLACKS;
    private Set<String> scopes = Set.of("*");
    private String signingSecret = "5lack51mulator5ecret00000000000a";
    int eventsPerHour = 30_000;

    @Nullable
    URI eventsUrl;

    private boolean delayedEvents;
    private double speed = 1;

    SlackSimulatorBuilder() {}

    /** The port of 127.0.0.1. Default: a free one. */
    public SlackSimulatorBuilder port(int wanted) {
        port = wanted;
        return this;
    }

    /** The name of the first workspace. */
    public SlackSimulatorBuilder workspace(String name) {
        workspace = name;
        return this;
    }

    /** Adds a channel to the first workspace, with everybody and the bot in it. */
    public SlackSimulatorBuilder channel(String name) {
        channels.add(name);
        return this;
    }

    /** Adds so many people to the first workspace, {@code person1} and so on, who are in no channel. */
    public SlackSimulatorBuilder people(int number) {
        people = number;
        return this;
    }

    /** The types of events that the app is told of. Default: all. */
    public SlackSimulatorBuilder subscribedTo(String... types) {
        subscribed = Set.of(types);
        return this;
    }

    /** What the tokens may do. Default: everything. */
    public SlackSimulatorBuilder scopes(String... granted) {
        scopes = Set.of(granted);
        return this;
    }

    /** What requests are signed with. */
    public SlackSimulatorBuilder signingSecret(String secret) {
        signingSecret = secret;
        return this;
    }

    /**
     * Whether Slack's limits hold: calls of each method a minute, messages of each channel a second, events an hour, and
     * the share of failures. Default: no.
     */
    public SlackSimulatorBuilder rateLimits(boolean on) {
        rateLimits = on;
        return this;
    }

    /** How many events a workspace may cause in an hour while limits hold. Default: 30,000, as at Slack. */
    public SlackSimulatorBuilder eventsPerHour(int number) {
        eventsPerHour = number;
        return this;
    }

    /** Whether events are sent again every hour for a day when the retries have failed. Default: no. */
    public SlackSimulatorBuilder delayedEvents(boolean on) {
        delayedEvents = on;
        return this;
    }

    /** Sends signed requests to this URL instead of Socket Mode. */
    public SlackSimulatorBuilder eventsUrl(URI url) {
        eventsUrl = url;
        return this;
    }

    /** How many times faster the waits between retries pass. Default: 1, as at Slack. */
    public SlackSimulatorBuilder speed(double factor) {
        if (!(factor > 0)) {
            throw new IllegalArgumentException("speed must be above 0");
        }
        speed = factor;
        return this;
    }

    /** How long things take in Socket Mode. Default: as at Slack. */
    public SlackSimulatorBuilder socketMode(SocketOptions options) {
        socket = options;
        return this;
    }

    /**
     * Starts it.
     *
     * @throws java.io.UncheckedIOException if the port is taken
     */
    public SlackSimulator start() {
        App app = new App(
                "A0SIMULATOR",
                "verification-token",
                signingSecret,
                "xapp-1-A0SIMULATOR-app",
                "1000.2000",
                "simulated-client-secret",
                "slackline",
                scopes);
        return new SlackSimulator(this, app);
    }

    List<Duration> scaledWaits() {
        Stream<Duration> hourly = Stream.generate(() -> Duration.ofHours(1)).limit(delayedEvents ? HOURS_OF_A_DAY : 0);
        return Stream.concat(SLACKS_WAITS.stream(), hourly)
                .map(wait -> Duration.ofNanos((long) (wait.toNanos() / speed)))
                .toList();
    }
}
