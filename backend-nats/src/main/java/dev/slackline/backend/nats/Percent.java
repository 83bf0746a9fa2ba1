package dev.slackline.backend.nats;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Text where NATS allows a few characters only: bytes of UTF-8 outside a set become {@code %} and two digits. Nothing is
 * lost, and no two texts become the same.
 */
final class Percent {

    /** For a token of a subject; the empty text becomes a single {@code %}. */
    static final Percent TOKEN = new Percent("_-");

    /** For the value of a header, which this client library takes in printable ASCII alone. */
    static final Percent VALUE = new Percent("_-!\"#$&'()*+,./:;<=>?@[\\]^`{|}~");

    private static final String EMPTY = "%";
    private static final char[] DIGITS = "0123456789ABCDEF".toCharArray();

    private final BitSet plain = new BitSet(128);

    private Percent(String others) {
        plain.set('0', '9' + 1);
        plain.set('A', 'Z' + 1);
        plain.set('a', 'z' + 1);
        others.chars().forEach(plain::set);
    }

    String encode(String text) {
        if (text.isEmpty()) {
            return EMPTY;
        }
        if (isPlain(text)) {
            return text;
        }
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            int value = b & 0xff;
            if (plain.get(value)) {
                encoded.append((char) value);
            } else {
                encoded.append('%').append(DIGITS[value >> 4]).append(DIGITS[value & 15]);
            }
        }
        return encoded.toString();
    }

    /** What was encoded; null if this does not come from {@link #encode}. */
    @Nullable
    String decode(String encoded) {
        if (isPlain(encoded)) {
            return encoded.isEmpty() ? null : encoded;
        }
        String text = encoded.equals(EMPTY) ? "" : bytes(encoded);
        return text != null && encode(text).equals(encoded) ? text : null;
    }

    private boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!plain.get(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String bytes(String encoded) {
        ByteBuffer bytes = ByteBuffer.allocate(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c != '%') {
                bytes.put((byte) c);
                continue;
            }
            int value = hex(encoded, i + 1);
            if (value < 0) {
                return null;
            }
            bytes.put((byte) value);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static int hex(String encoded, int at) {
        if (at + 2 > encoded.length()) {
            return -1;
        }
        int high = Character.digit(encoded.charAt(at), 16);
        int low = Character.digit(encoded.charAt(at + 1), 16);
        return high < 0 || low < 0 ? -1 : (high << 4) | low;
    }
}
