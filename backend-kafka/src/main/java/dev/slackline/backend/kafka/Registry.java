package dev.slackline.backend.kafka;

import dev.slackline.queue.Payload;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Which groups are declared, and from where on each gets everything: a log of declarations and droppings that every
 * process reads. Of two that declare a group at the same time the first in the log has done it, so that nobody's is put
 * after a message that was published in between. Thread-safe.
 */
final class Registry {

    /**
     * A group that is declared.
     *
     * @param id tells it from one of the same name that was dropped
     * @param starts the first offset of each partition that it gets
     * @param later where it begins to read what share groups have put off; null when it is no share group
     */
    record Declaration(long id, List<Long> starts, @Nullable List<Long> later) {

        boolean isShared() {
            return later != null;
        }

        /** As what consumer groups see of it. */
        Declaration inOrder() {
            return later == null ? this : new Declaration(id, later, null);
        }

        /** A partition that was added later belongs to it from the first message on. */
        long start(int partition) {
            return partition < starts.size() ? starts.get(partition) : 0;
        }
    }

    private final Map<String, Declaration> declared = new TreeMap<>();
    private boolean ours;

    /** Takes the next record of the log. @return the group that it drops; null when it drops none */
    synchronized @Nullable String read(ConsumerRecord<byte[], byte[]> record) {
        Map<String, Object> json = Wire.map(record.value());
        if (json.containsKey("made")) {
            ours = true;
            return null;
        }
        if (!(json.get("group") instanceof String group)) {
            return null;
        }
        if (!(json.get("starts") instanceof List<?> starts) || !(json.get("id") instanceof Number id)) {
            return declared.remove(group) == null ? null : group;
        }
        List<Long> later = json.get("later") instanceof List<?> offsets ? numbers(offsets) : null;
        declared.putIfAbsent(group, new Declaration(id.longValue(), numbers(starts), later));
        return null;
    }

    private static List<Long> numbers(List<?> json) {
        return json.stream()
                .map(start -> start instanceof Number number ? number.longValue() : 0L)
                .toList();
    }

    synchronized boolean hasGroups() {
        return !declared.isEmpty();
    }

    synchronized boolean isDeclared(String group) {
        return declared.containsKey(group);
    }

    /** Whether it is declared, and as a share group or as none. */
    synchronized boolean isDeclared(String group, boolean shared) {
        Declaration known = declared.get(group);
        return known != null && known.isShared() == shared;
    }

    synchronized @Nullable Declaration declaration(String group) {
        return declared.get(group);
    }

    synchronized List<String> groups() {
        return List.copyOf(declared.keySet());
    }

    synchronized Map<String, Declaration> declarations() {
        return Map.copyOf(declared);
    }

    /** Whether the topic was made by us, and is nobody else's. */
    synchronized boolean isOurs() {
        return ours;
    }

    static long newId() {
        return ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    }

    /** Declares a group that gets everything from these offsets on. */
    static byte[] declare(String group, long id, Map<TopicPartition, Long> from) {
        return Payload.of(Map.of("group", group, "id", id, "starts", offsets(from)))
                .bytes();
    }

    /** Declares a share group, which gets what is put off from the second ones on. */
    static byte[] declareShared(
            String group, long id, Map<TopicPartition, Long> from, Map<TopicPartition, Long> later) {
        return Payload.of(Map.of("group", group, "id", id, "starts", offsets(from), "later", offsets(later)))
                .bytes();
    }

    private static List<Long> offsets(Map<TopicPartition, Long> from) {
        Long[] offsets = new Long[from.size()];
        from.forEach((partition, offset) -> offsets[partition.partition()] = offset);
        return List.of(offsets);
    }

    static byte[] drop(String group) {
        return Payload.of(Map.of("group", group)).bytes();
    }

    static byte[] made() {
        return Payload.of(Map.of("made", true)).bytes();
    }
}
