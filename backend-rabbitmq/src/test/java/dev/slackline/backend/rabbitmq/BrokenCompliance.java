package dev.slackline.backend.rabbitmq;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.QueueBackendProvider.Opening;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.testkit.BrokerHarness;
import dev.slackline.queue.testkit.QueueBackendCompliance;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The kit over a broken backend; run by {@link KitFindsBrokerFaultsIT}, never by itself. */
abstract class BrokenCompliance extends QueueBackendCompliance {

    private final UnaryOperator<Opening> opening;
    private final UnaryOperator<QueueBackend> fault;

    /** Breaks what is opened. */
    BrokenCompliance(UnaryOperator<QueueBackend> fault) {
        this(UnaryOperator.identity(), fault);
    }

    /** Breaks how it is opened, too. */
    BrokenCompliance(UnaryOperator<Opening> opening, UnaryOperator<QueueBackend> fault) {
        this.opening = opening;
        this.fault = fault;
    }

    @Override
    public QueueBackendProvider provider() {
        return new BrokenProvider(new RabbitMqProvider(), opening, fault);
    }

    @Override
    public Capabilities expected() {
        return new RabbitMqProvider().capabilities();
    }

    @Override
    public Map<String, String> newTopic() {
        return Broker.newTopic(KitFindsBrokerFaultsIT.harness().control().address(), "broken-");
    }

    @Override
    public Optional<BrokerHarness> broker() {
        return Optional.of(KitFindsBrokerFaultsIT.harness());
    }

    private record BrokenProvider(
            QueueBackendProvider whole, UnaryOperator<Opening> opening, UnaryOperator<QueueBackend> fault)
            implements QueueBackendProvider {

        @Override
        public String name() {
            return whole.name();
        }

        @Override
        public List<Setting<?>> settings() {
            return whole.settings();
        }

        @Override
        public Capabilities capabilities() {
            return whole.capabilities();
        }

        @Override
        public QueueBackend open(Opening asked) {
            return fault.apply(whole.open(opening.apply(asked)));
        }
    }
}
