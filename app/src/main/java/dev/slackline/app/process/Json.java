package dev.slackline.app.process;

import dev.slackline.queue.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.RawValue;

/** Results as JSON objects, one a line. */
public final class Json {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private Json() {}

    /** One object without line breaks, as UTF-8. Values are strings, numbers, booleans, lists, maps, null and {@link #verbatim}. */
    public static byte[] bytes(Map<String, ?> object) {
        return MAPPER.writeValueAsBytes(object);
    }

    /** {@link #bytes} as text. */
    public static String text(Map<String, ?> object) {
        return MAPPER.writeValueAsString(object);
    }

    /**
     * A payload as it came, to stand inside an object. JSON allows a raw line break between its parts only, never
     * inside a string, so that a blank in its place keeps the meaning and the line whole.
     */
    public static Object verbatim(Payload payload) {
        byte[] json = payload.bytes();
        for (int i = 0; i < json.length; i++) {
            if (json[i] == '\n' || json[i] == '\r') {
                json[i] = ' ';
            }
        }
        return new RawValue(new String(json, StandardCharsets.UTF_8));
    }
}
