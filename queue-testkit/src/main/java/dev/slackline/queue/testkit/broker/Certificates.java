package dev.slackline.queue.testkit.broker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Certificates for a broker that speaks TLS, made for one test (case 7). The server's is good for the host name {@code
 * localhost} and for no address: a client that connects to {@code 127.0.0.1} meets the wrong host.
 *
 * @param authority who signed the server's, PEM: who trusts it may connect
 * @param stranger an authority that signed nothing, PEM: who trusts it alone must not connect
 * @param serverCertificate the server's, PEM
 * @param serverKey its private key, PEM
 */
public record Certificates(Path authority, Path stranger, Path serverCertificate, Path serverKey) {

    private static final String PASSWORD = "changeit";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Makes them in this folder, with the {@code keytool} of the running JDK. Takes a few seconds. */
    public static Certificates in(Path folder) {
        Path store = folder.resolve("certificates.p12");
        keytool(store, "authority", "-genkeypair", "-dname", "CN=authority", "-ext", "bc:c", "-keyalg", "EC");
        keytool(store, "stranger", "-genkeypair", "-dname", "CN=stranger", "-ext", "bc:c", "-keyalg", "EC");
        keytool(
                store,
                "server",
                "-genkeypair",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-keyalg",
                "RSA",
                "-signer",
                "authority");
        try {
            KeyStore made = KeyStore.getInstance("PKCS12");
            try (InputStream input = Files.newInputStream(store)) {
                made.load(input, PASSWORD.toCharArray());
            }
            return new Certificates(
                    certificate(made, "authority", folder),
                    certificate(made, "stranger", folder),
                    certificate(made, "server", folder),
                    key(made, "server", folder));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("certificates cannot be made in " + folder, e);
        }
    }

    private static void keytool(Path store, String alias, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-alias", alias, "-validity", "30", "-keystore", store.toString()));
        all.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        new Program(keytool).run(Map.of(), PATIENCE, all);
    }

    private static Path certificate(KeyStore store, String alias, Path folder)
            throws IOException, GeneralSecurityException {
        Certificate certificate = store.getCertificate(alias);
        return write(folder.resolve(alias + ".pem"), "CERTIFICATE", certificate.getEncoded());
    }

    private static Path key(KeyStore store, String alias, Path folder) throws IOException, GeneralSecurityException {
        Key key = store.getKey(alias, PASSWORD.toCharArray());
        return write(folder.resolve(alias + "-key.pem"), "PRIVATE KEY", key.getEncoded());
    }

    private static Path write(Path file, String what, byte[] der) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return Files.writeString(file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }
}
