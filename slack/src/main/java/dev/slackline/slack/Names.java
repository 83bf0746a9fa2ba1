package dev.slackline.slack;

import dev.slackline.queue.Message;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names for the queue made of text from outside. A text that keeps the queue's rule for names stays as it is; any other
 * becomes {@code sha256-<hash>}, the same for the same text, while the payload keeps the text itself.
 */
final class Names {

    private static final String HASHED = "sha256-";
    private static final HexFormat HEX = HexFormat.of();

    private Names() {}

    /** The text, if it may be a name; its hash otherwise. */
    static String name(String text) {
        return name("", text);
    }

    /** The prefix and the text, if together they may be a name; the prefix and the hash of the text otherwise. */
    static String name(String prefix, String text) {
        String name = prefix + text;
        return Message.isName(name) ? name : prefix + hash(chars(text));
    }

    /** A name for bytes, of one or more parts. */
    static String hash(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(part.length).flip());
                digest.update(part);
            }
            return HASHED + HEX.formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The characters as they are: UTF-8 would make all unpaired surrogates the same. */
    static byte[] chars(String text) {
        byte[] bytes = new byte[text.length() * Character.BYTES];
        ByteBuffer.wrap(bytes).asCharBuffer().put(text);
        return bytes;
    }
}
