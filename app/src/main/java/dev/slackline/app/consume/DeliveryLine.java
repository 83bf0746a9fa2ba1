package dev.slackline.app.consume;

import dev.slackline.app.process.Json;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** A delivery as one line of JSON: {@code id key orderingKey attempt publishedAt headers payload}. Scripts rely on it. */
final class DeliveryLine {

    private DeliveryLine() {}

    /** The line without its end, in UTF-8; the payload stands in it as it came. */
    static byte[] of(Delivery delivery) {
        Message message = delivery.message();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("id", message.id());
        line.put("key", message.key());
        line.put("orderingKey", message.orderingKey());
        line.put("attempt", delivery.attempt());
        line.put("publishedAt", message.publishedAt().toString());
        line.put("headers", new TreeMap<>(message.headers()));
        line.put("payload", Json.verbatim(message.payload()));
        return Json.bytes(line);
    }
}
