package dev.slackline.app.brokers;

import dev.slackline.queue.testkit.broker.KafkaBroker;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;

/**
 * Kafka.
 *
 * @param control the process
 */
public record Kafka(KafkaBroker control) implements TestBroker {

    /** One whose data go into this folder. */
    public static Kafka in(Path folder) {
        return new Kafka(KafkaBroker.in(folder));
    }

    @Override
    public String backend() {
        return "kafka";
    }

    @Override
    public String topicVariable() {
        return "KAFKA_TOPIC";
    }

    @Override
    public Map<String, String> access() {
        return Map.of("KAFKA_BOOTSTRAP", at(control.address()), "KAFKA_PARTITIONS", "2");
    }

    @Override
    public Map<String, String> wrongPassword() {
        return Map.of(
                "KAFKA_BOOTSTRAP",
                at(control.saslAddress()),
                "KAFKA_CLIENT_SECURITY_PROTOCOL",
                "SASL_PLAINTEXT",
                "KAFKA_CLIENT_SASL_MECHANISM",
                "PLAIN",
                "KAFKA_CLIENT_SASL_JAAS_CONFIG",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + KafkaBroker.ADMIN
                        + "\" password=\"" + WRONG + "\";");
    }

    @Override
    public Map<String, String> wrongSetting() {
        return Map.of("KAFKA_BOOTSTRAP", "no port", "KAFKA_PARTITIONS", "none");
    }

    @Override
    public Set<String> contents() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", at(control.address())))) {
            Set<String> found = new TreeSet<>(admin.listTopics().names().get());
            admin.listGroups().all().get().stream().map(GroupListing::groupId).forEach(found::add);
            return found;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String at(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }
}
