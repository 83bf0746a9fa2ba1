package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.app.wiring.Configuration;
import dev.slackline.app.wiring.OutboxConfiguration;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueListener;
import dev.slackline.queue.config.Env;
import dev.slackline.slack.install.Credential;
import dev.slackline.slack.install.Installation;
import dev.slackline.slack.install.InstallationFile;
import dev.slackline.slack.outbox.Outbox;
import dev.slackline.slack.outbox.Post;
import dev.slackline.slack.simulator.ChannelMessage;
import dev.slackline.slack.simulator.SlackSimulator;
import dev.slackline.slack.simulator.state.Workspace;
import dev.slackline.slack.simulator.web.ApiFault;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Posts through kills of the process that brings them to Slack, and through a Slack that fails (rule 28). */
class OutboxIT {

    private static final int WORKSPACES = 4;
    private static final int CHANNELS = 50;
    private static final int POSTS = 5;
    private static final int ALL = WORKSPACES * CHANNELS * POSTS;
    private static final int EVERY_FAULT = 25;
    private static final Duration PATIENCE = Duration.ofSeconds(150);
    private static final ApiFault NO_FAULT = ApiFault.slow(Duration.ZERO);
    private static final List<ApiFault> FAULTS =
            List.of(ApiFault.serverErrorAfterwards(), ApiFault.serverError(), ApiFault.cutAfterwards(), ApiFault.cut());

    private final SlackSimulator slack =
            SlackSimulator.builder().rateLimits(true).start();
    private final List<Workspace> workspaces = new ArrayList<>();
    private final AtomicInteger posts = new AtomicInteger();
    private final AtomicInteger faults = new AtomicInteger();

    @TempDir
    private Path folder = Path.of("");

    @Test
    @Timeout(240)
    void aThousandPostsArriveOnceAndInOrderThroughKillsAndErrors() throws Exception {
        install();
        keepAll();
        slack.apiFaults().each(this::fault);
        long started = System.nanoTime();
        for (int untilKill : List.of(ALL / 4, ALL / 2)) {
            try (SlacklineProcess serve = SlacklineProcess.serve(folder, environment())) {
                awaitStored(untilKill, serve);
                serve.killNine();
            }
        }
        try (SlacklineProcess serve = SlacklineProcess.serve(folder, environment())) {
            awaitStored(ALL, serve);
            serve.terminate();
            assertThat(serve.exitCode()).isZero();
        }
        Ledger ledger = ledger();
        System.out.printf(
                "outbox, kill -9 twice and %d errors among %d tries: posts %d, lost %d, double %d, channels out of order %d,"
                        + " %d s%n",
                faults.get(),
                posts.get(),
                ALL,
                ledger.lost,
                ledger.twice,
                ledger.unordered,
                Duration.ofNanos(System.nanoTime() - started).toSeconds());

        assertThat(ledger).isEqualTo(new Ledger(0, 0, 0));
        assertThat(faults.get()).isGreaterThanOrEqualTo(ALL / EVERY_FAULT);
    }

    private record Ledger(int lost, int twice, int unordered) {}

    private Ledger ledger() {
        int lost = 0;
        int twice = 0;
        int unordered = 0;
        List<String> wanted = IntStream.range(0, POSTS).mapToObj(i -> "m" + i).toList();
        for (Workspace workspace : workspaces) {
            for (int channel = 0; channel < CHANNELS; channel++) {
                List<String> there = texts(workspace, channel);
                lost += POSTS - (int) there.stream().distinct().count();
                twice += there.size() - new HashSet<>(there).size();
                unordered += there.stream().distinct().toList().equals(wanted) ? 0 : 1;
            }
        }
        return new Ledger(lost, twice, unordered);
    }

    private List<String> texts(Workspace workspace, int channel) {
        return slack.messages(workspace, "c" + channel).stream()
                .map(ChannelMessage::text)
                .toList();
    }

    private int stored() {
        return workspaces.stream()
                .flatMap(workspace -> IntStream.range(0, CHANNELS).mapToObj(channel -> texts(workspace, channel)))
                .mapToInt(List::size)
                .sum();
    }

    private ApiFault fault(String method) {
        if (!method.equals("chat.postMessage") || posts.incrementAndGet() % EVERY_FAULT != 0) {
            return NO_FAULT;
        }
        return FAULTS.get(faults.getAndIncrement() % FAULTS.size());
    }

    private void install() {
        InstallationFile tokens = new InstallationFile(folder.resolve("tokens.json"));
        String[] channels = IntStream.range(0, CHANNELS).mapToObj(i -> "c" + i).toArray(String[]::new);
        for (int i = 0; i < WORKSPACES; i++) {
            Workspace workspace = slack.addWorkspace("Acme " + i, channels);
            workspaces.add(workspace);
            tokens.save(new Installation(
                    workspace.id(),
                    "Acme",
                    new Credential(slack.botToken(workspace), "", null),
                    null,
                    "",
                    Instant.now()));
        }
    }

    private void keepAll() {
        Configuration configuration = OutboxConfiguration.load(
                Env.of(Map.of("SQLITE_PATH", folder.resolve("queue.db").toString())), List.of());
        try (Queue queue = configuration.openWithGroups(new QueueListener() {})) {
            Outbox outbox = new Outbox(queue);
            for (int i = 0; i < POSTS; i++) {
                List<CompletableFuture<String>> kept = new ArrayList<>();
                for (Workspace workspace : workspaces) {
                    for (int channel = 0; channel < CHANNELS; channel++) {
                        String id =
                                workspace.channel("c" + channel).orElseThrow().id();
                        kept.add(outbox.post(Post.of(workspace.id(), id, "m" + i)));
                    }
                }
                kept.forEach(CompletableFuture::join);
            }
        }
    }

    private Map<String, String> environment() {
        return Map.of(
                "SLACK_API_URL", slack.apiUrl().toString(),
                "SLACK_TOKENS_FILE", folder.resolve("tokens.json").toString(),
                "SLACK_OUTBOX_CONCURRENCY", "50",
                "SLACK_OUTBOX_SETTLE", "500ms",
                "QUEUE_LEASE", "6s");
    }

    private void awaitStored(int wanted, SlacklineProcess serve) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (stored() < wanted) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("only " + stored() + " of " + wanted + " posts are there; " + serve.err());
            }
            LockSupport.parkNanos(50_000_000);
        }
    }
}
