package dev.slackline.mcp.http;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.slackline.mcp.oauth.OAuthSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** An authorization server of this process: publishes its keys over HTTP, and signs access tokens. */
final class Issuer implements AutoCloseable {

    static final String RESOURCE = "https://slackline.example.org/mcp";

    final AtomicInteger asked = new AtomicInteger();
    private final HttpServer http;
    private volatile List<JWK> keys;
    private volatile int status = 200;

    Issuer(JWK... published) {
        keys = List.of(published);
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.createContext("/keys", exchange -> {
            asked.incrementAndGet();
            byte[] body = new JWKSet(keys).toString(true).getBytes(StandardCharsets.UTF_8);
            try (exchange) {
                exchange.sendResponseHeaders(status, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        http.start();
    }

    String name() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    OAuthSettings settings() {
        return new OAuthSettings(
                name(), URI.create(name() + "/keys"), URI.create(RESOURCE), "slackline:read", "slackline:write");
    }

    /** Publishes these and no others. */
    void rotate(JWK... published) {
        keys = Arrays.asList(published);
    }

    /** Answers with this status from now on. */
    void answers(int other) {
        status = other;
    }

    /** What a good token claims. */
    JWTClaimsSet.Builder claims(String scope) {
        return new JWTClaimsSet.Builder()
                .issuer(name())
                .audience(RESOURCE)
                .subject("ada")
                .claim("scope", scope)
                .expirationTime(in(Duration.ofMinutes(10)));
    }

    /** An access token that is signed with a key, whether it is published or not. */
    static String token(JWK key, JWTClaimsSet claims) {
        try {
            JWSSigner signer = new DefaultJWSSignerFactory().createJWSSigner(key);
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(com.nimbusds.jose.JWSAlgorithm.parse(
                                    key.getAlgorithm().getName()))
                            .keyID(key.getKeyID())
                            .build(),
                    claims);
            jwt.sign(signer);
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static Date in(Duration time) {
        return Date.from(Instant.now().plus(time));
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
