package dev.slackline.slack.answer;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What shows that an answer comes from somebody who has the message: a MAC over its id and key, of a secret that lives and
 * dies with this process. Says as well whether the acknowledgement waited. Thread-safe.
 */
final class Tokens {

    private static final String ALGORITHM = "HmacSHA256";
    private static final String WAITING = "w.";
    private static final String NOT_WAITING = "n.";

    private final SecretKeySpec secret;

    Tokens() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        secret = new SecretKeySpec(bytes, ALGORITHM);
    }

    String of(String id, String key, boolean waiting) {
        String flag = waiting ? WAITING : NOT_WAITING;
        return flag + mac(flag + id.length() + "." + id + key);
    }

    boolean isOurs(String token, String id, String key) {
        byte[] given = token.getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(given, of(id, key, waited(token)).getBytes(StandardCharsets.UTF_8));
    }

    static boolean waited(String token) {
        return token.startsWith(WAITING);
    }

    private String mac(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
