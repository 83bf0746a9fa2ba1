package dev.slackline.slack;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a form body ({@code application/x-www-form-urlencoded}), read strictly: names as Slack writes them
 * (letters, digits, {@code _ - .}), sound percent escapes, UTF-8. Whatever is no such form has no fields at all.
 */
final class FormFields {

    private static final int MAX_FIELDS = 1_000;

    private final Map<String, List<String>> fields;

    private FormFields(Map<String, List<String>> fields) {
        this.fields = fields;
    }

    /** The fields; empty if the body is no form. */
    static Optional<FormFields> parse(byte[] body) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        int count = 0;
        for (int start = 0; start <= body.length; ) {
            int end = indexOf(body, '&', start, body.length);
            if (end > start) {
                int equals = indexOf(body, '=', start, end);
                String name = decode(body, start, equals);
                String value = equals == end ? null : decode(body, equals + 1, end);
                if (++count > MAX_FIELDS || name == null || value == null || !isName(name)) {
                    return Optional.empty();
                }
                fields.computeIfAbsent(name, key -> new ArrayList<>(1)).add(value);
            }
            start = end + 1;
        }
        return fields.isEmpty() ? Optional.empty() : Optional.of(new FormFields(fields));
    }

    /** The first value of a field, or null. */
    @Nullable
    String get(String name) {
        List<String> values = fields.get(name);
        return values == null ? null : values.get(0);
    }

    /** The fields for a JSON object, in their order: strings, or a list of them where a field is repeated. */
    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        fields.forEach((name, values) -> map.put(name, values.size() == 1 ? values.get(0) : values));
        return map;
    }

    private static int indexOf(byte[] body, char wanted, int start, int end) {
        for (int i = start; i < end; i++) {
            if (body[i] == wanted) {
                return i;
            }
        }
        return end;
    }

    private static boolean isName(String name) {
        return !name.isEmpty() && name.chars().allMatch(FormFields::isNamePart);
    }

    private static boolean isNamePart(int c) {
        return c < 0x80 && (Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.');
    }

    /** The text of a part; null if an escape is broken or it is not UTF-8. */
    private static @Nullable String decode(byte[] body, int start, int end) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(end - start);
        for (int i = start; i < end; i++) {
            if (body[i] != '%') {
                bytes.write(body[i] == '+' ? ' ' : body[i]);
                continue;
            }
            int high = i + 2 < end ? Character.digit(body[i + 1], 16) : -1;
            int low = i + 2 < end ? Character.digit(body[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                return null;
            }
            bytes.write(high << 4 | low);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
