package dev.slackline.mcp.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.mcp.Caller;
import dev.slackline.queue.Deliveries;
import dev.slackline.queue.Queue;
import dev.slackline.queue.testkit.Await;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ClaimTest {

    private static final Duration LEASE = Duration.ofMinutes(1);

    @Test
    void oneNoLongerThanTheQueuesLeaseIsNeverRenewed() {
        withClaim(LEASE, claim -> {
            long start = claim.held().since();
            assertThat(claim.startsRenewing(start + LEASE.toNanos() / 2)).isFalse();
            assertThat(claim.isOver(start + LEASE.toNanos() - 1)).isFalse();
            assertThat(claim.isOver(start + LEASE.toNanos())).isTrue();
        });
    }

    @Test
    void aLongerOneIsRenewedUntilTheQueuesLeaseOutlastsIt() {
        withClaim(LEASE.multipliedBy(2), claim -> {
            long start = claim.held().since();
            long soon = start + LEASE.toNanos() / 2;
            assertThat(claim.startsRenewing(start)).isFalse();
            assertThat(claim.startsRenewing(soon)).isTrue();
            assertThat(claim.startsRenewing(soon)).as("while that is under way").isFalse();
            claim.renewed(soon, false);
            assertThat(claim.startsRenewing(soon)).as("after it failed").isTrue();
            claim.renewed(soon, true);
            long later = soon + LEASE.toNanos() / 2;
            assertThat(claim.startsRenewing(later)).isTrue();
            long last = later + LEASE.toNanos() * 2 / 5;
            claim.renewed(last, true);
            assertThat(claim.startsRenewing(last + LEASE.toNanos() / 2))
                    .as("the lease outlasts the claim")
                    .isFalse();
        });
    }

    @Test
    void extendingNeverShortens() {
        withClaim(LEASE.multipliedBy(10), claim -> {
            long now = System.nanoTime();
            claim.extend(now, Duration.ofSeconds(1));
            assertThat(claim.isOver(now + LEASE.toNanos())).isFalse();
            claim.extend(now, LEASE.multipliedBy(20));
            assertThat(claim.isOver(now + LEASE.multipliedBy(19).toNanos())).isFalse();
        });
    }

    @Test
    void noTwoTokensAreAlike() {
        withClaim(
                LEASE,
                one -> withClaim(LEASE, other -> {
                    assertThat(one.token()).hasSize(22).isNotEqualTo(other.token());
                }));
    }

    private static void withClaim(Duration lease, Consumer<Claim> use) {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try (Queue queue = Queue.fromEnv(Map.of("QUEUE_BACKEND", "memory"));
                Deliveries deliveries = queue.deliveries("default")) {
            queue.publish(Mentions.of("C1", "U1", "hello")).join();
            Held held = Held.now(deliveries.poll(Await.bound()).orElseThrow());
            use.accept(
                    new Claim(new Tray(queue, "default", Inbox.EVERYTHING, timer), held, Caller.LOCAL, lease, LEASE));
        } finally {
            timer.shutdownNow();
        }
    }
}
