package dev.slackline.queue.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherFactory;

/** The kit is tested, too: a backend that is broken in one way fails the case named for it, and for that reason. */
class KitFindsFaultsTest {

    @TempDir
    Path reports;

    static class Whole extends BrokenCompliance {
        Whole() {
            super(UnaryOperator.identity());
        }
    }

    static class AcksOnDelivery extends BrokenCompliance {
        AcksOnDelivery() {
            super(BrokenBackends::acksOnDelivery);
        }
    }

    static class SwallowsFailures extends BrokenCompliance {
        SwallowsFailures() {
            super(BrokenBackends::swallowsFailures);
        }
    }

    static class LosesTheAttempt extends BrokenCompliance {
        LosesTheAttempt() {
            super(BrokenBackends::losesTheAttempt);
        }
    }

    static class AcksAWholeBatch extends BrokenCompliance {
        AcksAWholeBatch() {
            super(BrokenBackends::acksAWholeBatch);
        }
    }

    static class DoesNotFence extends BrokenCompliance {
        DoesNotFence() {
            super(BrokenBackends::doesNotFence);
        }
    }

    static class BurnsAnAttemptOnRelease extends BrokenCompliance {
        BurnsAnAttemptOnRelease() {
            super(BrokenBackends::burnsAnAttemptOnRelease);
        }
    }

    static class BreaksOrder extends BrokenCompliance {
        BreaksOrder() {
            super(BrokenBackends::breaksOrder);
        }
    }

    static class IgnoresDemand extends BrokenCompliance {
        IgnoresDemand() {
            super(BrokenBackends::ignoresDemand);
        }
    }

    static class DropsOnClose extends BrokenCompliance {
        DropsOnClose() {
            super(BrokenBackends::dropsOnClose);
        }
    }

    static class RestoresForEverybody extends BrokenCompliance {
        RestoresForEverybody() {
            super(BrokenBackends::restoresForEverybody);
        }
    }

    @Test
    void whatIsWholePassesEveryCaseNamedHere() {
        Set<Integer> named = Set.of(14, 25, 30, 38, 47, 48, 49, 60, 76, 79);
        assertThat(failures(Whole.class, test -> isOf(test, named))).isEmpty();
    }

    @Test
    void aBackendThatAcksOnDeliveryFails49() {
        assertFails(AcksOnDelivery.class, 49, "ofABatchWhatIsNotAckedComesAgain", "delivery 1 comes; 0 came");
    }

    @Test
    void aBackendThatSwallowsFailuresFails14() {
        assertFails(
                SwallowsFailures.class,
                14,
                "aRefusedPublishFailsAndLeavesTheOthersAlone",
                "publishes into a topic that is full");
    }

    @Test
    void aBackendThatLosesTheAttemptFails30() {
        assertFails(
                LosesTheAttempt.class, 30, "theAttemptGrowsByOneWithEachFailureAndTheMessageStaysTheSame", "attempt");
    }

    @Test
    void aBackendThatAcksAWholeBatchFails48() {
        assertFails(AcksAWholeBatch.class, 48, "acksOutOfOrderSettleWhatTheyName", "delivery 2 comes; 1 came");
    }

    @Test
    void aBackendThatDoesNotFenceFails38() {
        assertFails(DoesNotFence.class, 38, "aStaleSettlementSettlesNothing", "a stale settlement");
    }

    @Test
    void aBackendThatBurnsAnAttemptOnReleaseFails47() {
        assertFails(BurnsAnAttemptOnRelease.class, 47, "aReleaseBurnsNoAttempt", "attempt after a release");
    }

    @Test
    void aBackendThatBreaksOrderFails60() {
        assertFails(BreaksOrder.class, 60, "ofOneKeyOneIsInFlightInTheOrderOfPublishing", "one of a key is in flight");
    }

    @Test
    void aBackendThatIgnoresDemandFails25() {
        assertFails(IgnoresDemand.class, 25, "noMoreIsHandedOutThanWasRequested", "3 requested, 3 handed out");
    }

    @Test
    void aBackendThatDropsOnCloseFails76() {
        assertFails(DropsOnClose.class, 76, "aCancelledMemberIsHandedNothingMoreAndMayStillSettle", "delivery");
    }

    @Test
    void aBackendThatRestoresForEverybodyFails79() {
        assertFails(
                RestoresForEverybody.class,
                79,
                "whatWaitedElsewhereWaitsForItsGroupAloneAsItWas",
                "what the other group gets first");
    }

    private void assertFails(Class<?> broken, int id, String test, String reason) {
        System.setProperty("slackline.compliance.bound", "2s"); // what never happens is not waited for as long
        try {
            Map<String, String> failures =
                    failures(broken, method -> method.getName().equals(test) && isOf(method, Set.of(id)));
            assertThat(failures).containsOnlyKeys(test);
            assertThat(failures.get(test)).contains(reason);
        } finally {
            System.clearProperty("slackline.compliance.bound");
        }
    }

    /** Runs these tests; what failed, and with which message. */
    private Map<String, String> failures(Class<?> compliance, Predicate<Method> wanted) {
        LauncherDiscoveryRequest request = request()
                .selectors(selectClass(compliance))
                .filters((PostDiscoveryFilter) descriptor -> FilterResult.includedIf(descriptor
                        .getSource()
                        .filter(MethodSource.class::isInstance)
                        .map(source -> wanted.test(((MethodSource) source).getJavaMethod()))
                        .orElse(true)))
                .configurationParameter("slackline.compliance.reports", reports.toString())
                .build();
        Failures failures = new Failures();
        LauncherFactory.create().execute(request, failures);
        assertThat(failures.executed).as("tests that ran").isPositive();
        return failures.messages;
    }

    private static boolean isOf(Method test, Set<Integer> ids) {
        Case of = test.getAnnotation(Case.class);
        return of != null && Arrays.stream(of.value()).anyMatch(ids::contains);
    }

    private static final class Failures implements TestExecutionListener {

        private final Map<String, String> messages = new TreeMap<>();
        private int executed;

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest()) {
                executed++;
                result.getThrowable().ifPresent(cause -> {
                    if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                        messages.put(name(test), String.valueOf(cause.getMessage()));
                    }
                });
            }
        }

        private static String name(TestIdentifier test) {
            return test.getSource()
                    .map(source -> ((MethodSource) source).getMethodName())
                    .orElse("?");
        }
    }
}
