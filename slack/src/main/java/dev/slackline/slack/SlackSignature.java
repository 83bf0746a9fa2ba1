package dev.slackline.slack;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Slack's request signature, version 0: HMAC-SHA256 over {@code v0:<timestamp>:<raw body>}. Immutable and thread-safe.
 *
 * @see <a href="https://api.slack.com/authentication/verifying-requests-from-slack">Verifying requests from Slack</a>
 */
public final class SlackSignature {

    /** The header that holds the signature. */
    public static final String SIGNATURE_HEADER = "X-Slack-Signature";

    /** The header that holds the time of signing, in seconds since 1970. */
    public static final String TIMESTAMP_HEADER = "X-Slack-Request-Timestamp";

    /** How far the time of signing may lie from now, in both directions. */
    public static final Duration WINDOW = Duration.ofMinutes(5);

    private static final String ALGORITHM = "HmacSHA256";
    private static final String VERSION = "v0=";
    private static final int SIGNATURE_LENGTH = VERSION.length() + 64;
    private static final int MAX_TIMESTAMP_DIGITS = 15;
    private static final byte[] BASE_START = "v0:".getBytes(StandardCharsets.US_ASCII);
    private static final HexFormat HEX = HexFormat.of();

    /** One for each secret; a {@link Mac} is costly to make, and not thread-safe. */
    private final ThreadLocal<List<Mac>> macs;

    /**
     * Signs with the first secret and accepts any of them.
     *
     * @throws IllegalArgumentException if there is none, or one is empty
     */
    public SlackSignature(List<String> secrets) {
        if (secrets.isEmpty() || secrets.contains("")) {
            throw new IllegalArgumentException("a signing secret is missing or empty");
        }
        List<SecretKeySpec> keys = secrets.stream()
                .map(secret -> new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM))
                .toList();
        macs = ThreadLocal.withInitial(
                () -> keys.stream().map(SlackSignature::newMac).toList());
    }

    /** The signature of a body, as Slack would send it at that time. */
    public String sign(Instant time, byte[] body) {
        byte[] timestamp = Long.toString(time.getEpochSecond()).getBytes(StandardCharsets.US_ASCII);
        return VERSION + HEX.formatHex(mac(macs.get().get(0), timestamp, body));
    }

    /**
     * Whether the body was signed with one of the secrets, at most {@link #WINDOW} from now. Takes the same time
     * whichever secret fits and wherever a signature differs.
     *
     * @param timestamp the header's value; null when it is missing
     * @param signature the header's value; null when it is missing
     */
    public boolean verify(@Nullable String timestamp, @Nullable String signature, byte[] body, Instant now) {
        if (timestamp == null || signature == null || !isFresh(timestamp, now)) {
            return false;
        }
        byte[] given = decode(signature);
        if (given.length == 0) {
            return false;
        }
        byte[] signed = timestamp.getBytes(StandardCharsets.US_ASCII);
        boolean genuine = false;
        for (Mac mac : macs.get()) {
            genuine |= MessageDigest.isEqual(mac(mac, signed, body), given);
        }
        return genuine;
    }

    private static boolean isFresh(String timestamp, Instant now) {
        if (timestamp.isEmpty() || timestamp.length() > MAX_TIMESTAMP_DIGITS) {
            return false;
        }
        for (int i = 0; i < timestamp.length(); i++) {
            if (timestamp.charAt(i) < '0' || timestamp.charAt(i) > '9') {
                return false;
            }
        }
        return Math.abs(now.getEpochSecond() - Long.parseLong(timestamp)) <= WINDOW.toSeconds();
    }

    /** The bytes of the hex digits; empty if it has not the form of a signature. */
    private static byte[] decode(String signature) {
        if (signature.length() != SIGNATURE_LENGTH || !signature.startsWith(VERSION)) {
            return new byte[0];
        }
        for (int i = VERSION.length(); i < SIGNATURE_LENGTH; i++) {
            if (!HexFormat.isHexDigit(signature.charAt(i))) {
                return new byte[0];
            }
        }
        return HEX.parseHex(signature, VERSION.length(), SIGNATURE_LENGTH);
    }

    private static byte[] mac(Mac mac, byte[] timestamp, byte[] body) {
        mac.update(BASE_START);
        mac.update(timestamp);
        mac.update((byte) ':');
        return mac.doFinal(body);
    }

    private static Mac newMac(SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
