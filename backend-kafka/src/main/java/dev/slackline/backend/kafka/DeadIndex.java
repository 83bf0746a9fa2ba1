package dev.slackline.backend.kafka;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Where the dead letters of each group are, in the order of their death. Not thread-safe. */
final class DeadIndex {

    private final Map<String, LinkedHashMap<String, Long>> offsets = new HashMap<>();
    private long position;

    /** The next record of the topic: a dead letter, or the end of one. */
    void read(ConsumerRecord<byte[], byte[]> record) {
        position = record.offset() + 1;
        byte[] bytes = record.key();
        String key = bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
        int slash = key.indexOf('/');
        if (slash < 0) {
            return; // not ours
        }
        Map<String, Long> ids = offsets.computeIfAbsent(key.substring(0, slash), group -> new LinkedHashMap<>());
        String id = key.substring(slash + 1);
        ids.remove(id);
        if (record.value() != null) {
            ids.put(id, record.offset());
        }
    }

    /** Where to read on. */
    long position() {
        return position;
    }

    int size(String group) {
        return offsets.getOrDefault(group, new LinkedHashMap<>()).size();
    }

    /** The ids of the group, in order, of which something is wanted. */
    List<String> ids(String group, Predicate<String> wanted) {
        return offsets.getOrDefault(group, new LinkedHashMap<>()).keySet().stream()
                .filter(wanted)
                .toList();
    }

    /** The ids of one page. */
    List<String> page(String group, @Nullable String after, int limit) {
        return offsets.getOrDefault(group, new LinkedHashMap<>()).keySet().stream()
                .dropWhile(id -> after != null && !id.equals(after))
                .skip(after == null ? 0 : 1)
                .limit(limit)
                .toList();
    }

    /** Where these are, as far as they are there. */
    Map<Long, String> offsets(String group, List<String> ids) {
        Map<String, Long> known = offsets.getOrDefault(group, new LinkedHashMap<>());
        Map<Long, String> found = new LinkedHashMap<>();
        for (String id : ids) {
            Long offset = known.get(id);
            if (offset != null) {
                found.put(offset, id);
            }
        }
        return found;
    }
}
