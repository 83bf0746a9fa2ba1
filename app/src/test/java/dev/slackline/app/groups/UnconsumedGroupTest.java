package dev.slackline.app.groups;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.Settings;
import dev.slackline.queue.memory.MemoryProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnconsumedGroupTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final Queue queue = open();

    @AfterEach
    void close() {
        queue.close();
    }

    @Test
    void aGroupThatKeepsMessagesAndHasHadNoConsumerForAnHourIsNamedWithHowToDropIt() {
        queue.publish("k", Map.of()).join();
        pass(Duration.ofMinutes(59));
        List<UnconsumedGroup> early = unconsumed();
        pass(Duration.ofMinutes(2));

        assertThat(early).isEmpty();
        assertThat(unconsumed()).singleElement().satisfies(group -> {
            assertThat(group.name()).isEqualTo("default");
            assertThat(group.waiting()).isEqualTo(1);
            assertThat(group.advice()).contains("slackline groups drop default");
        });
    }

    @Test
    void anEmptyGroupIsNotNamed() {
        pass(Duration.ofHours(5));

        assertThat(unconsumed()).isEmpty();
    }

    @Test
    void aGroupThatIsConsumedIsNotNamedThoughMessagesWait() {
        queue.publish("k", Map.of()).join();
        pass(Duration.ofHours(5));
        try (var member = queue.deliveries("default")) {
            assertThat(member.poll(TIMEOUT)).isPresent();

            assertThat(unconsumed()).isEmpty();
        }
    }

    private List<UnconsumedGroup> unconsumed() {
        return UnconsumedGroup.among(GroupOverview.of(queue, TIMEOUT).join(), now.get());
    }

    private void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    private Queue open() {
        MemoryProvider provider = new MemoryProvider();
        QueueSettings portable = QueueSettings.defaults();
        QueueBackend backend = provider.open(
                new QueueBackendProvider.Opening(Settings.parse(Map.of(), provider.settings()), portable, now::get));
        Queue opened = Queue.of(backend, portable);
        opened.declareGroups().toCompletableFuture().join();
        return opened;
    }
}
