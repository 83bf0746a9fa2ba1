package dev.slackline.slack.install;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What a browser carries through Slack's page and back, so that nobody can make it finish an installation that it has not begun.
 * It holds its own expiry and a signature: any process of the app can check what another made. Thread-safe.
 */
final class InstallState {

    static final Duration LIFE = Duration.ofMinutes(10);

    private static final String ALGORITHM = "HmacSHA256";
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final int NONCE_BYTES = 16;
    private static final int MAX_LENGTH = 200;

    private final SecureRandom random = new SecureRandom();
    private final SecretKeySpec key;
    private final InstantSource clock;

    /** Signs with the app's client secret. */
    InstallState(String secret, InstantSource clock) {
        this.key = new SecretKeySpec(("install state " + secret).getBytes(StandardCharsets.UTF_8), ALGORITHM);
        this.clock = clock;
    }

    String create() {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        String signed = clock.instant().plus(LIFE).getEpochSecond() + "." + BASE64.encodeToString(nonce);
        return signed + "." + signature(signed);
    }

    /**
     * Whether a state came back to the browser that it was given to, in time.
     *
     * @param returned what Slack's redirect carries
     * @param kept what the browser's cookie holds
     */
    boolean isValid(@Nullable String returned, @Nullable String kept) {
        if (returned == null || kept == null || returned.length() > MAX_LENGTH || !same(returned, kept)) {
            return false;
        }
        int end = returned.lastIndexOf('.');
        int first = returned.indexOf('.');
        if (first <= 0 || end <= first || !same(returned.substring(end + 1), signature(returned.substring(0, end)))) {
            return false;
        }
        return Long.parseLong(returned.substring(0, first))
                > clock.instant().getEpochSecond(); // signed: it is a number
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private String signature(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return BASE64.encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
