package dev.slackline.app.brokers;

import dev.slackline.queue.testkit.broker.BrokerControl;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;

/** A private broker, and how Slackline is told of it. Used by one thread at a time. */
public interface TestBroker extends AutoCloseable {

    /** What {@code QUEUE_BACKEND} is. */
    String backend();

    /** The process. */
    BrokerControl control();

    /** The variable that names the topic. */
    String topicVariable();

    /** Where the broker is and who we are there. */
    Map<String, String> access();

    /** Settings that go over {@link #access()}, with a password that is wrong: {@value #WRONG}. */
    Map<String, String> wrongPassword();

    /** Settings that go over {@link #access()} and can never be right. */
    Map<String, String> wrongSetting();

    /** Everything that is at the broker: topics, tables, keys, groups; each by what it is called. */
    Set<String> contents();

    /** A password of nobody. */
    String WRONG = "not-the-password";

    /** Where it is, as errors must say it. */
    default String place() {
        InetSocketAddress address = control().address();
        return address.getHostString() + ":" + address.getPort();
    }

    @Override
    default void close() {
        control().close();
    }
}
