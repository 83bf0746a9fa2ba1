package dev.slackline.queue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.QueueBackend;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A backend may deliver under a lock of its own: the queue holds none of its own while it calls the backend. */
class LockingBackendTest {

    private final CountDownLatch delivering = new CountDownLatch(1);
    private final CountDownLatch bothRequested = new CountDownLatch(2);
    private final Trial trial = new Trial(new MemoryComplianceTest(), 1).disturbedBy(LockingBackend::new);

    @AfterEach
    void close() {
        trial.close();
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aRequestWhileTheBackendDeliversUnderItsLockIsNoDeadlock() {
        trial.publish(2, null);
        CollectingSubscriber member = trial.join(trial.group());
        member.request(1);
        await(delivering);
        member.request(1); // waits for the lock, under which the first delivery waits for it
        assertThat(member.next(2)).hasSize(2);
    }

    private final class LockingBackend extends ForwardingBackend {

        private final Object lock = new Object();

        LockingBackend(QueueBackend backend) {
            super(backend);
        }

        @Override
        public Flow.Publisher<Delivery> consume(String group) {
            Flow.Publisher<Delivery> deliveries = super.consume(group);
            return subscriber -> deliveries.subscribe(new Relay(subscriber) {
                @Override
                void requested(Flow.Subscription upstream, long n) {
                    bothRequested.countDown();
                    synchronized (lock) {
                        upstream.request(n);
                    }
                }

                @Override
                public void onNext(Delivery delivery) {
                    synchronized (lock) {
                        delivering.countDown();
                        await(bothRequested);
                        super.onNext(delivery);
                    }
                }
            });
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
