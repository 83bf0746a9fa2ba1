package dev.slackline.queue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Flow;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.SkipException;
import org.testng.annotations.Test;

/**
 * The publisher half of the Reactive Streams TCK over a stream that never completes by itself. The TCK is written for
 * TestNG; its tests are run here one by one, so that they belong to one case of the kit.
 */
final class ReactiveStreamsTck extends FlowPublisherVerification<Delivery> {

    private static final int TIMEOUT_MILLIS = 5_000;
    private static final int NO_SIGNALS_MILLIS = 60;
    private static final int LET_GO_MILLIS = 2_000;
    private static final int MOST_ELEMENTS = 100;

    /** Optional tests of streams that give every subscriber everything; members of a group share it. */
    private static final Set<String> MULTICAST = Set.of(
            "optional_spec111_registeredSubscribersMustReceiveOnNextOrOnCompleteSignals",
            "optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribers"
                    + "WhenRequestingManyUpfront");

    private final IntFunction<Flow.Publisher<Delivery>> streams;
    private final Supplier<Flow.Publisher<Delivery>> failed;

    /**
     * Takes what is tried.
     *
     * @param streams gives a stream of its own with so many elements waiting
     * @param failed gives a stream that can only fail
     */
    ReactiveStreamsTck(IntFunction<Flow.Publisher<Delivery>> streams, Supplier<Flow.Publisher<Delivery>> failed) {
        super(new TestEnvironment(TIMEOUT_MILLIS, NO_SIGNALS_MILLIS), LET_GO_MILLIS);
        this.streams = streams;
        this.failed = failed;
    }

    @Override
    public Flow.Publisher<Delivery> createFlowPublisher(long elements) {
        return streams.apply((int) Math.min(elements, MOST_ELEMENTS));
    }

    @Override
    public Flow.Publisher<Delivery> createFailedFlowPublisher() {
        return failed.get();
    }

    @Override
    public long maxElementsFromPublisher() {
        return publisherUnableToSignalOnComplete();
    }

    // Rule 3.9 as the TCK has it, but for its sleeping a whole time-out before it looks for the error.

    @Override
    @Test
    public void required_spec309_requestZeroMustSignalIllegalArgumentException() {
        requireRefusal(0);
    }

    @Override
    @Test
    public void required_spec309_requestNegativeNumberMustSignalIllegalArgumentException() {
        requireRefusal(-1);
    }

    @Override
    @Test
    public void optional_spec309_requestNegativeNumberMaySignalIllegalArgumentExceptionWithSpecificMessage() {
        requireRefusal(Long.MIN_VALUE);
    }

    private void requireRefusal(long demand) {
        CollectingSubscriber subscriber = CollectingSubscriber.to(createFlowPublisher(10));
        Throwable error = Await.failure(
                "a stream that was asked for " + demand,
                subscriber.request(demand).ended());
        assertThat(error).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("3.9");
        assertThat(subscriber.count()).isZero();
    }

    /** What came of the tests: how many passed, which do not apply and why, which failed and how. */
    record Outcome(int passed, Map<String, String> skipped, Map<String, Throwable> failures) {}

    /** Runs every test; each is followed by the cleaning. */
    Outcome run(Runnable cleaning) {
        Map<String, String> skipped = new TreeMap<>();
        Map<String, Throwable> failures = new TreeMap<>();
        List<Method> tests = Arrays.stream(getClass().getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class) && !MULTICAST.contains(method.getName()))
                .sorted(Comparator.comparing(Method::getName))
                .toList();
        for (Method test : tests) {
            try {
                setUp();
                test.invoke(this);
            } catch (InvocationTargetException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                if (cause instanceof SkipException) {
                    skipped.put(test.getName(), String.valueOf(cause.getMessage()));
                } else {
                    failures.put(test.getName(), cause);
                }
            } catch (Exception e) {
                failures.put(test.getName(), e);
            } finally {
                cleaning.run();
            }
        }
        return new Outcome(tests.size() - skipped.size() - failures.size(), skipped, failures);
    }
}
