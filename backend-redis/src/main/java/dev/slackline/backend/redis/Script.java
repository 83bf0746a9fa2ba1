package dev.slackline.backend.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;

/** What the server runs in one step. The sources lie beside this class; those of a group begin with {@code common.lua}. */
enum Script {
    PUBLISH(false),
    DECLARE(true),
    DROP(true),
    FETCH(true),
    SETTLE(true),
    SWEEP(true),
    RECOVER(true),
    BEAT(true),
    TIDY(true),
    STATS(true),
    DEAD(true),
    RESTORE(true);

    private final String source;
    private final String digest;

    Script(boolean ofGroup) {
        String own = read(name().toLowerCase(Locale.ROOT));
        source = ofGroup ? read("common") + own : own;
        try {
            digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(Wire.utf8(source)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    /** Its text. */
    String source() {
        return source;
    }

    /** The name under which the server keeps it once it has seen it. */
    String digest() {
        return digest;
    }

    private static String read(String name) {
        try (InputStream file = Script.class.getResourceAsStream(name + ".lua")) {
            return Wire.text(Objects.requireNonNull(file, name).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
