package dev.slackline.mcp.http;

import dev.slackline.mcp.Caller;
import dev.slackline.queue.config.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that clients show, and who they are. Only digests are kept, and each is compared with every one in constant
 * time. Immutable.
 */
final class Tokens {

    private static final String READ_ONLY = "/read";
    private static final String UNNAMED = "token";

    private record Known(String digest, Caller caller) {}

    private final List<Known> known;

    private Tokens(List<Known> known) {
        this.known = known;
    }

    /** As they are written: {@code token}, {@code name:token}, {@code name/read:token}. */
    static Tokens of(List<String> written) {
        List<Known> known = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<String> secrets = new HashSet<>();
        for (String each : written) {
            int colon = each.indexOf(':');
            String head = colon < 0 ? UNNAMED : each.substring(0, colon);
            String secret = each.substring(colon + 1);
            boolean reads = head.endsWith(READ_ONLY);
            String name = reads ? head.substring(0, head.length() - READ_ONLY.length()) : head;
            if (!name.matches("[A-Za-z0-9_.-]+") || secret.isBlank()) {
                throw new ConfigurationException(McpSettings.AUTH_TOKEN.name()
                        + ": a token is written 'token', 'name:token' or 'name/read:token', with letters, digits and _.-"
                        + " in its name");
            }
            if (!secrets.add(secret) || (colon >= 0 && !names.add(name))) {
                throw new ConfigurationException(
                        McpSettings.AUTH_TOKEN.name() + ": two tokens, or two of their names, are the same");
            }
            known.add(new Known(digest(secret), new Caller(name, reads ? Caller.Access.READ : Caller.Access.WRITE)));
        }
        return new Tokens(List.copyOf(known));
    }

    /** Whose token it is; null if it is nobody's. */
    @Nullable
    Caller caller(String token) {
        byte[] shown = digest(token).getBytes(StandardCharsets.US_ASCII);
        Caller found = null;
        for (Known each : known) {
            if (MessageDigest.isEqual(each.digest.getBytes(StandardCharsets.US_ASCII), shown)) {
                found = each.caller;
            }
        }
        return found;
    }

    private static String digest(String token) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
