package dev.slackline.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.app.groups.GroupOverview;
import dev.slackline.app.groups.UnconsumedGroup;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Status;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import dev.slackline.queue.memory.MemoryProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadinessTest {

    private static final String HOSTILE = "<script>alert(\"x\")</script>&'";

    @Test
    void aClosedQueueIsNotReadyAndSaysWhy() {
        Queue queue = memory();
        queue.close();

        Readiness readiness = Readiness.of(queue, null).join();

        assertThat(readiness.isReady()).isFalse();
        assertThat(readiness.asMap()).containsEntry("status", "DOWN").containsEntry("reason", "the queue is closed");
    }

    @Test
    void groupsThatAreConsumedAreNamed() {
        try (Queue queue = memory();
                var member = queue.deliveries("bots")) {
            assertThat(member.poll(Duration.ofMillis(100))).isEmpty();

            assertThat(Readiness.of(queue, Instant.EPOCH).join().asMap())
                    .containsEntry("groupsConsumed", List.of("bots"))
                    .containsEntry("lastPublish", "1970-01-01T00:00:00Z")
                    .containsEntry("backend", "memory");
        }
    }

    @Test
    void anUnconsumedGroupDegradesAndStaysReady() {
        Readiness readiness = hostile();

        assertThat(readiness.isReady()).isTrue();
        assertThat(readiness.asMap().toString()).contains("slackline groups drop");
    }

    @Test
    void theConsoleShowsTextFromElsewhereAsText() {
        String page = ConsolePage.of(hostile());

        assertThat(page)
                .doesNotContain("<script", "alert(\"")
                .contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;")
                .contains("<td class=\"n dead\">4</td>");
    }

    private static Readiness hostile() {
        GroupStats stats = new GroupStats(1, 2, 3, 4, Duration.ofSeconds(90), 0, Instant.EPOCH);
        return new Readiness(
                Status.degraded(HOSTILE),
                HOSTILE,
                List.of(new GroupOverview(HOSTILE, stats)),
                List.of(new UnconsumedGroup(HOSTILE, 6, Instant.EPOCH)),
                null,
                null);
    }

    private static Queue memory() {
        MemoryProvider provider = new MemoryProvider();
        List<Setting<?>> declared = new ArrayList<>(QueueSettings.ALL);
        declared.addAll(provider.settings());
        return Queue.open(provider, Settings.parse(Map.of(), declared));
    }
}
