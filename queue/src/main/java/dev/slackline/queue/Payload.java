package dev.slackline.queue;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * An immutable JSON object, held as the UTF-8 bytes it came as. It is never written anew on its way: what was published
 * is byte for byte what is delivered, the order of names, repeated names and the form of numbers included (case 10).
 * Thread-safe. {@link #toString()} shows the size only.
 */
public final class Payload {

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(2_000)
                            .maxNumberLength(Integer.MAX_VALUE)
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNameLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(SerializationFeature.FAIL_ON_EMPTY_BEANS) // a stream or a lock would be written as {}
            .build();
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    private final byte[] json;
    private volatile boolean checked;
    private @Nullable String problem;

    private Payload(byte[] json) {
        this.json = json;
    }

    /**
     * Writes a map as JSON.
     *
     * @throws SerializationException if it holds something that JSON has no form for
     */
    public static Payload of(Map<String, ?> map) {
        try {
            Payload payload = new Payload(JSON.writeValueAsBytes(map));
            payload.checked = true;
            return payload;
        } catch (JacksonException | StackOverflowError e) {
            throw new SerializationException(
                    "the map cannot be written as JSON: " + describe(e) + "; use maps, lists, strings, numbers,"
                            + " booleans and null",
                    "-",
                    "-",
                    e);
        }
    }

    /**
     * Takes JSON bytes after checking that they are one object in UTF-8.
     *
     * @throws SerializationException if they are not; the message says where, never what stands there
     */
    public static Payload parse(byte[] json) {
        Payload payload = unchecked(json);
        payload.requireValid();
        return payload;
    }

    /** {@link #parse(byte[])} of a string. */
    public static Payload parse(String json) {
        return parse(json.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Takes bytes as they came from a broker, where somebody else may have put them. The {@link Queue} asks
     * {@link #problem()} before it hands them out; only backends need this.
     */
    public static Payload unchecked(byte[] bytes) {
        return new Payload(bytes.clone());
    }

    /** Why this is no JSON object, or empty if it is one. */
    public Optional<String> problem() {
        if (!checked) {
            problem = findProblem();
            checked = true;
        }
        return Optional.ofNullable(problem);
    }

    /**
     * The object as a map of strings, numbers, booleans, nulls, lists and maps; the last of repeated names counts.
     *
     * @throws SerializationException if this is no JSON object
     */
    public Map<String, Object> asMap() {
        requireValid();
        return JSON.readValue(json, MAP);
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return json.clone();
    }

    /** The bytes as text. */
    public String text() {
        return new String(json, StandardCharsets.UTF_8);
    }

    /** How many bytes. */
    public int size() {
        return json.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Payload payload && Arrays.equals(json, payload.json);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(json);
    }

    @Override
    public String toString() {
        return "Payload[" + json.length + " bytes]";
    }

    private void requireValid() {
        problem().ifPresent(why -> {
            throw new SerializationException("the payload is no JSON object: " + why, "-", "-", null);
        });
    }

    private @Nullable String findProblem() {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
        } catch (CharacterCodingException e) {
            return "it is not UTF-8";
        }
        if (!startsWithBrace()) { // the parser would guess UTF-16 and UTF-32, and pass over a byte order mark
            return "it does not start with '{'";
        }
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            parser.skipChildren();
            return parser.nextToken() == null ? null : "something follows the object";
        } catch (JacksonException e) {
            return describe(e);
        }
    }

    private boolean startsWithBrace() {
        int i = 0;
        while (i < json.length && (json[i] == ' ' || json[i] == '\t' || json[i] == '\r' || json[i] == '\n')) {
            i++;
        }
        return i < json.length && json[i] == '{' && (i + 1 == json.length || json[i + 1] != 0);
    }

    /** Where it broke; Jackson's own text is left out because it quotes the payload. */
    private static String describe(Throwable e) {
        if (e instanceof JacksonException json
                && json.getLocation() != null
                && json.getLocation().getByteOffset() >= 0) {
            return "it breaks off or is malformed near byte "
                    + json.getLocation().getByteOffset();
        }
        return e instanceof StackOverflowError ? "it refers to itself or is nested too deeply" : "it is malformed";
    }
}
