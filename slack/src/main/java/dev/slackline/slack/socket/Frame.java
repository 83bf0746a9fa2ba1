package dev.slackline.slack.socket;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** What Slack sends over a socket (Slack rules 20, 22, 23 and 24). Immutable. */
sealed interface Frame {

    /**
     * The connection is in use from now on.
     *
     * @param connections how many the app has, as far as Slack knows
     * @param lifetime how long this one will last, about; zero when Slack does not tell
     */
    record Hello(int connections, Duration lifetime) implements Frame {}

    /**
     * The connection is to be left.
     *
     * @param reason why
     */
    record Disconnect(String reason) implements Frame {}

    /** Something that Slack waits to have acknowledged. */
    final class Envelope implements Frame {

        private final Map<String, String> fields;
        private final byte[] payload;
        private final boolean cut;

        private Envelope(Map<String, String> fields, byte[] payload, boolean cut) {
            this.fields = fields;
            this.payload = payload;
            this.cut = cut;
        }

        String id() {
            return fields.getOrDefault("envelope_id", "");
        }

        /** The type; {@code unreadable} when it holds no payload that could be stored by itself. */
        String type() {
            String type = fields.getOrDefault("type", "");
            return cut ? type : type.isEmpty() ? "unreadable" : type + ".unreadable";
        }

        /** Slack's own bytes: those of the payload, or of the whole frame when it holds none. */
        byte[] payload() {
            return payload;
        }

        /** Whether the acknowledgement may carry something. */
        boolean acceptsReply() {
            return "true".equals(fields.get("accepts_response_payload"));
        }

        /** The number of the retry; null for the first try. */
        @Nullable
        String retryNum() {
            String attempt = fields.get("retry_attempt");
            return attempt == null || attempt.equals("0") ? null : attempt;
        }

        /** Why Slack tries again; null when it does not. */
        @Nullable
        String retryReason() {
            return fields.get("retry_reason");
        }
    }

    /**
     * Nothing that is to be acknowledged.
     *
     * @param type what Slack calls it; may be empty
     */
    record Other(String type) implements Frame {}

    /**
     * Reads a frame in one pass. The payload of an envelope is cut out, never written anew.
     *
     * @throws JacksonException if it is no JSON object; its message quotes the frame
     */
    static Frame parse(byte[] json) {
        return new Reader(json).read();
    }

    /** Goes through one frame. */
    final class Reader {

        private static final JsonFactory JSON = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(2_000)
                        .maxNumberLength(Integer.MAX_VALUE)
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNameLength(Integer.MAX_VALUE)
                        .build())
                .build();

        private final byte[] json;
        private final Map<String, String> fields = new HashMap<>();
        private byte @Nullable [] payload;

        private Reader(byte[] json) {
            this.json = json;
        }

        private Frame read() {
            try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
                if (parser.nextToken() == JsonToken.START_OBJECT) {
                    readObject(parser, "");
                }
            }
            String type = fields.getOrDefault("type", "");
            if (type.equals("hello")) {
                return new Hello(
                        number("num_connections"),
                        Duration.ofSeconds(number("debug_info.approximate_connection_time")));
            }
            if (type.equals("disconnect")) {
                return new Disconnect(fields.getOrDefault("reason", ""));
            }
            if (!fields.containsKey("envelope_id")) {
                return new Other(type);
            }
            return payload == null ? new Envelope(fields, json, false) : new Envelope(fields, payload, true);
        }

        private void readObject(JsonParser parser, String prefix) {
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                JsonToken value = parser.nextToken();
                if (value == JsonToken.START_OBJECT && prefix.isEmpty() && name.equals("payload")) {
                    int start = (int) parser.currentTokenLocation().getByteOffset();
                    parser.skipChildren();
                    payload = Arrays.copyOfRange(
                            json, start, (int) parser.currentLocation().getByteOffset());
                } else if (value == JsonToken.START_OBJECT && prefix.isEmpty() && name.equals("debug_info")) {
                    readObject(parser, "debug_info.");
                } else if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                    fields.put(prefix + name, parser.getString());
                } else {
                    parser.skipChildren();
                }
            }
        }

        private int number(String field) {
            try {
                return Math.max(0, Integer.parseInt(fields.getOrDefault(field, "0")));
            } catch (NumberFormatException e) {
                return 0;
            }
        }
    }
}
