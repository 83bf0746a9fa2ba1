package dev.slackline.mcp.modern;

import dev.slackline.mcp.Caller;
import dev.slackline.mcp.protocol.Message;
import dev.slackline.mcp.protocol.RpcException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.core.JacksonException;

/**
 * Seals the state that a client carries between two rounds of a request: it comes back from the same caller, for the same
 * request, within an hour and to this process, or not at all. The client can read it, not change it. Thread-safe.
 */
final class Seal {

    private static final String ALGORITHM = "HmacSHA256";
    private static final Duration LIFETIME = Duration.ofHours(1);
    private static final int KEY_BYTES = 32;

    /** What is under the seal; names are short as clients carry it. */
    private record Sealed(String state, String caller, String request, long until) {}

    private final SecretKeySpec key;
    private final InstantSource clock;

    Seal(InstantSource clock) {
        byte[] secret = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(secret);
        this.key = new SecretKeySpec(secret, ALGORITHM);
        this.clock = clock;
    }

    /** Seals a state for the next round of this request. */
    String close(String state, Message request, Caller caller) {
        long until = clock.instant().plus(LIFETIME).getEpochSecond();
        byte[] content = Message.JSON.writeValueAsBytes(new Sealed(state, caller.name(), identity(request), until));
        return text(content) + "." + text(mac(content));
    }

    /**
     * What was sealed.
     *
     * @throws RpcException if the seal is broken, or was made for somebody or something else, or is too old
     */
    String open(String sealed, Message request, Caller caller) {
        List<String> parts = List.of(sealed.split("\\.", -1));
        try {
            byte[] content = Base64.getUrlDecoder().decode(parts.get(0));
            byte[] mac = Base64.getUrlDecoder().decode(parts.size() == 2 ? parts.get(1) : "");
            if (MessageDigest.isEqual(mac, mac(content))) {
                Sealed found = Message.JSON.readValue(content, Sealed.class);
                if (found.caller.equals(caller.name())
                        && found.request.equals(identity(request))
                        && found.until >= clock.instant().getEpochSecond()) {
                    return found.state;
                }
            }
        } catch (IllegalArgumentException | JacksonException e) {
            // said below: it makes no difference what is wrong with it
        }
        throw RpcException.invalid("the requestState is not one that belongs to this request, or it is too old;"
                + " start again without it");
    }

    /** What stays the same from one round to the next. */
    private static String identity(Message request) {
        List<Object> salient = List.of(
                request.method(),
                request.params().getOrDefault("name", ""),
                request.params().getOrDefault("uri", ""),
                String.valueOf(request.params().get("arguments")));
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return text(digest.digest(salient.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    private byte[] mac(byte[] content) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
