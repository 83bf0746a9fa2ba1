package dev.slackline.backend.rabbitmq;

import dev.slackline.queue.testkit.Await;
import dev.slackline.queue.testkit.broker.BrokerControl;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Does to a broker what it is told, and waits before it kills. */
record PatientKiller(BrokerControl broker, Duration patience) implements BrokerControl {

    @Override
    public void kill9() {
        Await.holds("the broker runs", patience, () -> true);
        broker.kill9();
    }

    @Override
    public String version() {
        return broker.version();
    }

    @Override
    public InetSocketAddress address() {
        return broker.address();
    }

    @Override
    public void start() {
        broker.start();
    }

    @Override
    public void stop() {
        broker.stop();
    }

    @Override
    public void pause() {
        broker.pause();
    }

    @Override
    public void unpause() {
        broker.unpause();
    }

    @Override
    public boolean isRunning() {
        return broker.isRunning();
    }

    @Override
    public void close() {
        broker.close();
    }
}
