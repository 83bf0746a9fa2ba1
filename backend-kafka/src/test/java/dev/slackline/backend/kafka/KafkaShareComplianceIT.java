package dev.slackline.backend.kafka;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Feature;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The same kit with {@code KAFKA_MODE=share}, on a broker that lets the newer group protocol be used. It takes as long as the
 * first, so it is tried when asked for: {@code -Dslackline.compliance.share=true}.
 */
@EnabledIfSystemProperty(named = "slackline.compliance.share", matches = "true")
class KafkaShareComplianceIT extends KafkaComplianceIT {

    @Override
    public Capabilities expected() {
        return new Capabilities(
                "kafka",
                EnumSet.of(Feature.DURABLE, Feature.START_EARLIEST, Feature.MULTI_PROCESS, Feature.RESTORE),
                super.expected().durability());
    }

    @Override
    public String reportName() {
        return "kafka-share";
    }

    @Override
    public Map<String, String> newTopic() {
        Map<String, String> topic = Broker.newTopic(address());
        topic.put("KAFKA_MODE", "share");
        return topic;
    }
}
