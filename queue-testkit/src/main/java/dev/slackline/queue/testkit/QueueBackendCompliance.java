package dev.slackline.queue.testkit;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The compliance kit. Subclass it in the tests of a backend, and every case of the {@link Catalogue} is tried on it:
 *
 * <pre>{@code
 * class RedisComplianceTest extends QueueBackendCompliance {
 *     @Override public QueueBackendProvider provider() { return new RedisProvider(); }
 *     @Override public Capabilities expected() { return new Capabilities("redis", Set.of(...), "..."); }
 *     @Override public Map<String, String> newTopic() { return Map.of("REDIS_STREAM", "t" + UUID.randomUUID()); }
 * }
 * }</pre>
 *
 * <p>A case that the backend lacks the {@link dev.slackline.queue.Feature} for is skipped, with the reason. What came of
 * every case is written to {@code target/compliance/<backend>.json} and {@code .txt}. Four system properties change
 * a run: {@code slackline.compliance.seed} repeats the chance of an earlier one, {@code slackline.compliance.scale=full}
 * tries the load cases at their full size, {@code slackline.compliance.bound} (15s) is how long is waited for what should
 * happen at once, {@code slackline.compliance.soak} (60s) how long random faults go on.
 */
@ExtendWith(Compliance.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class QueueBackendCompliance implements BackendHarness {

    @Nested
    class Config extends ConfigCases {}

    @Nested
    class Publish extends PublishCases {}

    @Nested
    class PublishLimits extends PublishLimitCases {}

    @Nested
    class Consume extends ConsumeCases {}

    @Nested
    class ReactiveStreams extends ReactiveStreamsCases {}

    @Nested
    class Settlement extends SettlementCases {}

    @Nested
    class DeadLetters extends DeadLetterCases {}

    @Nested
    class Groups extends GroupCases {}

    @Nested
    class Ordering extends OrderingCases {}

    @Nested
    class Crash extends CrashCases {}

    @Nested
    class Outage extends OutageCases {}

    @Nested
    class Network extends NetworkCases {}

    @Nested
    class Load extends LoadCases {}

    @Nested
    class Soak extends SoakCases {}

    @Nested
    class Shutdown extends ShutdownCases {}

    @Nested
    class BadInput extends BadInputCases {}

    @Nested
    class Restore extends RestoreCases {}
}
