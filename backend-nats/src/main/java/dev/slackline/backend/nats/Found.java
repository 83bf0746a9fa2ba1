package dev.slackline.backend.nats;

import dev.slackline.queue.Payload;
import io.nats.client.Message;
import io.nats.client.api.ApiResponse;
import io.nats.client.impl.Headers;
import io.nats.client.support.IncomingHeadersProcessor;
import io.nats.client.support.JsonValue;
import io.nats.client.support.JsonValueUtils;
import java.time.Instant;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A stored message that was asked for by its place or subject. What the library has for this throws at headers that it
 * cannot read.
 *
 * @param readable whether the library can read its headers; a subscriber that is sent others is lost
 */
record Found(
        long sequence,
        String subject,
        Instant time,
        @Nullable Headers headers,
        boolean readable,
        Payload body) {

    private static final byte[] NOTHING = new byte[0];

    static Found in(Answer answer) {
        JsonValue message = JsonValueUtils.readValue(answer.getJv(), "message");
        String subject = JsonValueUtils.readString(message, "subject");
        ZonedDateTime time = JsonValueUtils.readDate(message, "time");
        byte[] body = JsonValueUtils.readBase64(message, "data");
        byte[] headers = JsonValueUtils.readBase64(message, "hdrs");
        Headers read = null;
        boolean readable = true;
        if (headers != null) {
            try {
                read = new IncomingHeadersProcessor(headers).getHeaders();
            } catch (IllegalArgumentException e) {
                readable = false;
            }
        }
        return new Found(
                JsonValueUtils.readLong(message, "seq", 0),
                subject == null ? "" : subject,
                time == null ? Instant.EPOCH : time.toInstant(),
                read,
                readable,
                Payload.unchecked(body == null ? NOTHING : body));
    }

    Wire.Stored unpack(@Nullable String key) {
        return Wire.unpack(headers, key, body.bytes(), sequence, time);
    }

    /** The answer of the server: an error, or a message. */
    static final class Answer extends ApiResponse<Answer> {
        Answer(Message reply) {
            super(reply);
        }
    }
}
