package dev.slackline.bench;

import dev.slackline.slack.simulator.SlackSimulator;
import dev.slackline.slack.simulator.state.Posted;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;

/**
 * The whole way of an event, one at a time: somebody writes in Slack, Slack signs it and sends it to {@code serve}, which
 * stores it, and an agent that waits is told, claims it and acknowledges it.
 */
final class EventWay implements AutoCloseable {

    private static final Pattern CLAIM = Pattern.compile("\\\\?\"claim\\\\?\"\\s*:\\s*\\\\?\"([^\"\\\\]+)");
    private static final int SEED = 7;
    /** The agent's call is with the queue by then. */
    private static final int SHORTEST_PAUSE_MILLIS = 5;

    private final SlackSimulator slack;
    private final McpAgent agent;
    private final ExecutorService waiter = Executors.newSingleThreadExecutor();
    private final Random random = new Random(SEED);
    private long sent;
    private long seen;
    private long acknowledged;

    EventWay(SlackSimulator slack, McpAgent agent) {
        this.slack = slack;
        this.agent = agent;
    }

    /**
     * Sends so many events.
     *
     * @param longestPause between two of them, in milliseconds; each pause is another one
     * @return how long each was under way, in microseconds
     */
    Histogram run(int events, int longestPause) throws Exception {
        Histogram micros = Measured.newHistogram();
        for (int i = 0; i < events; i++) {
            Future<String> told = waiter.submit(() -> agent.call("events_wait", "{\"wait_seconds\":30}"));
            TimeUnit.MILLISECONDS.sleep(random.nextInt(SHORTEST_PAUSE_MILLIS, longestPause));
            long began = System.nanoTime();
            Posted said = slack.user("ada").says("#general", "hello " + ++sent);
            String answer = told.get();
            long took = System.nanoTime() - began;
            if (answer.contains(said.occurrences().get(0).id())) {
                seen++;
                micros.recordValue(took / 1000);
            }
            acknowledge();
        }
        return micros;
    }

    /** How much of a core a process uses while the agent waits and nobody writes; an event ends that. */
    double idlePercent(ProcessHandle process, double seconds) throws Exception {
        Future<String> told = waiter.submit(() -> agent.call("events_wait", "{\"wait_seconds\":60}"));
        TimeUnit.SECONDS.sleep(1);
        Duration before = process.info().totalCpuDuration().orElseThrow();
        TimeUnit.MILLISECONDS.sleep((long) (seconds * 1000));
        Duration used = process.info().totalCpuDuration().orElseThrow().minus(before);
        slack.user("ada").says("#general", "that is all");
        told.get();
        return used.toNanos() / 1e7 / seconds;
    }

    String ledger() {
        return String.format(Locale.ROOT, "%,d sent, %,d lost, %,d acknowledged", sent, sent - seen, acknowledged);
    }

    @Override
    public void close() {
        waiter.shutdownNow();
    }

    private void acknowledge() throws IOException {
        Matcher claimed = CLAIM.matcher(agent.call("events_claim", "{\"max\":1,\"wait_seconds\":5}"));
        if (claimed.find()) {
            String settled = agent.call("events_ack", "{\"claims\":[\"" + claimed.group(1) + "\"]}");
            acknowledged += settled.contains("acked") ? 1 : 0;
        }
    }
}
