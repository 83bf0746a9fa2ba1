package dev.slackline.app.brokers;

import dev.slackline.queue.testkit.broker.RabbitMqBroker;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * RabbitMQ.
 *
 * @param control the process
 */
public record RabbitMq(RabbitMqBroker control) implements TestBroker {

    /** One whose data go into this folder. */
    public static RabbitMq in(Path folder) {
        return new RabbitMq(RabbitMqBroker.in(folder));
    }

    @Override
    public String backend() {
        return "rabbitmq";
    }

    @Override
    public String topicVariable() {
        return "MQ_EXCHANGE";
    }

    @Override
    public Map<String, String> access() {
        return Map.of(
                "MQ_HOST",
                control.address().getHostString(),
                "MQ_PORT",
                Integer.toString(control.address().getPort()),
                "MQ_USERNAME",
                RabbitMqBroker.USER,
                "MQ_PASSWORD",
                RabbitMqBroker.USER);
    }

    @Override
    public Map<String, String> wrongPassword() {
        return Map.of("MQ_PASSWORD", WRONG);
    }

    @Override
    public Map<String, String> wrongSetting() {
        return Map.of("MQ_PORT", "0", "MQ_USERNAME", "");
    }

    @Override
    public Set<String> contents() {
        return new TreeSet<>(Stream.of("exchanges", "queues")
                .flatMap(kind -> control.control("list_" + kind, "name").lines())
                .toList());
    }
}
