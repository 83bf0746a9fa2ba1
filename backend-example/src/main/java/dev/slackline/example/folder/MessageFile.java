package dev.slackline.example.folder;

import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a message lies in a file: one line of JSON about it, then its payload, byte for byte. */
final class MessageFile {

    private MessageFile() {}

    // [format]
    static void write(Path file, Message message) throws IOException {
        Map<String, Object> line = new HashMap<>();
        line.put("id", message.id());
        line.put("key", message.key());
        line.put("at", message.publishedAt().toEpochMilli());
        line.put("headers", message.headers());
        if (message.orderingKey() != null) {
            line.put("orderingKey", message.orderingKey());
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(Payload.of(line).bytes());
        bytes.write('\n');
        bytes.write(message.payload().bytes());
        Files.write(file, bytes.toByteArray());
    }

    /** What somebody else put there comes as a payload that is no JSON object: the queue makes a dead letter of it. */
    static Message read(Path file, Entry entry) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        try {
            Map<String, Object> line = Payload.parse(Arrays.copyOf(bytes, end)).asMap();
            Payload payload =
                    Payload.unchecked(Arrays.copyOfRange(bytes, Math.min(end + 1, bytes.length), bytes.length));
            return message(line, payload);
        } catch (RuntimeException e) {
            return new Message(entry.file(), "foreign", null, Instant.EPOCH, Map.of(), Payload.unchecked(bytes));
        }
    }
    // [/format]

    private static Message message(Map<String, Object> line, Payload payload) {
        Map<String, String> headers = new HashMap<>();
        ((Map<?, ?>) line.getOrDefault("headers", Map.of()))
                .forEach((name, value) -> headers.put(String.valueOf(name), String.valueOf(value)));
        Object orderingKey = line.get("orderingKey");
        return new Message(
                String.valueOf(line.get("id")),
                String.valueOf(line.get("key")),
                orderingKey == null ? null : orderingKey.toString(),
                Instant.ofEpochMilli(number(line, "at")),
                headers,
                payload);
    }

    static void writeDeaths(Path file, List<Death> deaths) throws IOException {
        List<Map<String, Object>> all = deaths.stream()
                .map(death -> Map.<String, Object>of(
                        "at", death.at().toEpochMilli(), "attempts", death.attempts(), "reason", death.reason()))
                .toList();
        Files.write(file, Payload.of(Map.of("deaths", all)).bytes());
    }

    static List<Death> readDeaths(@Nullable Path file) throws IOException {
        List<Death> deaths = new ArrayList<>();
        if (file != null && Files.exists(file)) {
            Map<String, Object> map = Payload.parse(Files.readAllBytes(file)).asMap();
            for (Object each : (List<?>) map.getOrDefault("deaths", List.of())) {
                Map<?, ?> death = (Map<?, ?>) each;
                deaths.add(new Death(
                        Instant.ofEpochMilli(number(death, "at")),
                        (int) number(death, "attempts"),
                        String.valueOf(death.get("reason"))));
            }
        }
        return deaths;
    }

    private static long number(Map<?, ?> map, String name) {
        if (map.get(name) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException("no number: " + name);
    }
}
