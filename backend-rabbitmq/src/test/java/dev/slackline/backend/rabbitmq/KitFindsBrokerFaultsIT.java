package dev.slackline.backend.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import dev.slackline.queue.QueueBackendProvider.Opening;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import dev.slackline.queue.testkit.BrokerHarness;
import dev.slackline.queue.testkit.Case;
import dev.slackline.queue.testkit.broker.Certificates;
import dev.slackline.queue.testkit.broker.RabbitMqBroker;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherFactory;

/** A backend that is broken in one way, which only a failing broker shows, fails the case named for it. */
class KitFindsBrokerFaultsIT {

    private static final String BOUND = "slackline.compliance.bound";

    @TempDir
    static Path folder;

    private static Certificates certificates;
    private static RabbitMqBroker broker;

    @BeforeAll
    static void startBroker() {
        certificates = Certificates.in(folder);
        broker = RabbitMqBroker.in(folder.resolve("broker"), certificates);
        broker.start();
    }

    @BeforeEach
    void waitNoLonger() {
        System.setProperty(BOUND, "8s"); // what never happens is not waited for as long
    }

    @AfterAll
    static void stopBroker() {
        System.clearProperty(BOUND);
        if (broker != null) { // null where RabbitMQ is not installed
            broker.close();
        }
    }

    static BrokerHarness harness() {
        return new RabbitMqHarness(broker, broker, certificates);
    }

    static class FallsBackToPlainText extends BrokenCompliance {
        FallsBackToPlainText() {
            super(KitFindsBrokerFaultsIT::withoutTls, UnaryOperator.identity());
        }
    }

    static class ConfirmsWhatIsSent extends BrokenCompliance {
        ConfirmsWhatIsSent() {
            super(BrokenBackends::confirmsWhatIsSent);
        }
    }

    static class SwallowsFailures extends BrokenCompliance {
        SwallowsFailures() {
            super(BrokenBackends::swallowsFailures);
        }
    }

    static class GivesUpForGood extends BrokenCompliance {
        GivesUpForGood() {
            super(BrokenBackends::givesUpForGood);
        }
    }

    static class DoesNotSubscribeAgain extends BrokenCompliance {
        DoesNotSubscribeAgain() {
            super(BrokenBackends::doesNotSubscribeAgain);
        }
    }

    static class NeverNoticesSilence extends BrokenCompliance {
        NeverNoticesSilence() {
            super(BrokenBackends::neverNoticesSilence);
        }
    }

    static class SendsAgainWhenSlow extends BrokenCompliance {
        SendsAgainWhenSlow() {
            super(BrokenBackends::sendsAgainWhenSlow);
        }
    }

    @Test
    void aBackendThatFallsBackToPlainTextFails7() {
        assertFails(FallsBackToPlainText.class, 7, "aBadCertificateFailsClosed", "should have failed: a publish with");
    }

    @Test
    void aBackendThatConfirmsWhatIsSentFails12() {
        assertFails(
                ConfirmsWhatIsSent.class,
                12,
                "aCompletedPublishSurvivesTheKillOfTheBroker",
                "every confirmed message comes; missing");
    }

    @Test
    void aBackendThatSwallowsFailuresFails13() {
        assertFails(
                SwallowsFailures.class,
                13,
                "whileTheBrokerIsDownNothingIsConfirmed",
                "should have failed: a publish while the broker is down");
    }

    @Test
    void aBackendThatGivesUpForGoodFails65() {
        assertFails(
                GivesUpForGood.class,
                65,
                "aBrokerThatIsDownAtStartIsWaitedFor",
                "the stream of a broker that is not there yet");
    }

    @Test
    void aBackendThatDoesNotSubscribeAgainFails66() {
        assertFails(DoesNotSubscribeAgain.class, 66, "afterEachRestartConsumingGoesOn", "messages flow");
    }

    @Test
    void aBackendThatSwallowsFailuresFails67() {
        System.setProperty(BOUND, "12s"); // it must flow again, and is then missing what it had lost
        assertFails(
                SwallowsFailures.class,
                67,
                "afterEachKillOfTheBrokerConsumingGoesOn",
                "everything confirmed is handled; missing");
    }

    @Test
    void aBackendThatNeverNoticesSilenceFails68() {
        assertFails(
                NeverNoticesSilence.class,
                68,
                "aBlackHoleIsNoticedByAnIdleConsumer",
                "a silent connection is noticed; it says Status[state=UP");
    }

    @Test
    void aBackendThatSendsAgainWhenSlowFails69() {
        System.setProperty(BOUND, "40s"); // it gets through, and has then sent too much
        assertFails(SendsAgainWhenSlow.class, 69, "aSlowNetworkLosesNothing", "duplicates, allowed are");
    }

    private static Opening withoutTls(Opening asked) {
        Map<String, String> values = new HashMap<>();
        values.put("MQ_HOST", "127.0.0.1");
        values.put("MQ_PORT", Integer.toString(broker.address().getPort()));
        values.put("MQ_USERNAME", asked.settings().get(RabbitMqSettings.USERNAME));
        values.put("MQ_PASSWORD", asked.settings().get(RabbitMqSettings.PASSWORD));
        values.put("MQ_EXCHANGE", asked.settings().get(RabbitMqSettings.EXCHANGE));
        List<Setting<?>> declared = new ArrayList<>(QueueSettings.ALL);
        declared.addAll(RabbitMqSettings.ALL);
        return new Opening(Settings.parse(values, declared), asked.queue(), asked.clock());
    }

    /** Runs this one test of the kit and sees it fail for this reason. */
    private static void assertFails(Class<?> broken, int id, String test, String reason) {
        Failures failures = new Failures();
        LauncherFactory.create()
                .execute(
                        request()
                                .selectors(selectClass(broken))
                                .filters((PostDiscoveryFilter) descriptor -> FilterResult.includedIf(descriptor
                                        .getSource()
                                        .filter(MethodSource.class::isInstance)
                                        .map(source -> isOf(((MethodSource) source).getJavaMethod(), id, test))
                                        .orElse(true)))
                                .configurationParameter(
                                        "slackline.compliance.reports",
                                        folder.resolve("reports").toString())
                                .build(),
                        failures);
        assertThat(failures.messages).containsOnlyKeys(test);
        assertThat(failures.messages.get(test)).contains(reason);
    }

    private static boolean isOf(Method method, int id, String name) {
        Case of = method.getAnnotation(Case.class);
        return of != null
                && method.getName().equals(name)
                && Arrays.stream(of.value()).anyMatch(each -> each == id);
    }

    private static final class Failures implements TestExecutionListener {

        private final Map<String, String> messages = new TreeMap<>();

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                String name = test.getSource()
                        .filter(MethodSource.class::isInstance)
                        .map(source -> ((MethodSource) source).getMethodName())
                        .orElse(test.getDisplayName());
                messages.put(
                        name,
                        String.valueOf(
                                result.getThrowable().map(Throwable::getMessage).orElse("")));
            }
        }
    }
}
