package dev.slackline.mcp.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.slackline.mcp.Catalog;
import dev.slackline.mcp.Tool;
import dev.slackline.mcp.ToolResult;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Access tokens of an authorization server that publishes its keys over HTTP. */
class AccessTokensTest {

    private static final String WRITE = "openid slackline:write";
    private static final String READ = "slackline:read";
    private static final String BOTH = "slackline:read slackline:write";
    private static final String METADATA =
            "resource_metadata=\"https://slackline.example.org/.well-known/oauth-protected-resource/mcp\"";

    private static RSAKey key;
    private static RSAKey other;

    private final AtomicInteger changed = new AtomicInteger();
    /** Stands still, so that a busy machine asks the issuer no more often than an idle one. */
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());

    private Issuer issuer;
    private Served server;

    @BeforeAll
    static void makeKeys() throws JOSEException {
        key = rsa("one");
        other = rsa("two");
    }

    @BeforeEach
    void start() {
        issuer = new Issuer(key);
        McpSettings settings = new McpSettings(
                List.of("ci/read:t0ken"), List.of(), List.of(), 4096, 0, Optional.of(issuer.settings()));
        Catalog catalog = new Catalog(
                List.of(tool("look", Tool.Effect.READS), tool("change", Tool.Effect.DESTROYS)),
                List.of(),
                List.of(),
                List.of());
        server = new Served(catalog, settings, Duration.ofMinutes(2), now::get);
    }

    @AfterEach
    void stop() {
        server.close();
        issuer.close();
    }

    @Test
    void aTokenOfTheIssuerLetsItsBearerIn() throws Exception {
        RSAKey modern = new RSAKeyGenerator(2048)
                .keyID("ps")
                .algorithm(JWSAlgorithm.PS256)
                .generate();
        JWK curve = new ECKeyGenerator(Curve.P_256)
                .keyID("es")
                .algorithm(JWSAlgorithm.ES256)
                .generate();
        issuer.rotate(key, modern, curve);
        for (JWK each : List.of(key, modern, curve)) {
            HttpResponse<String> answer = call("change", Issuer.token(each, good()));

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).contains("done by oauth/ada");
        }
        assertThat(changed).hasValue(3);
        assertThat(issuer.asked).hasValue(1);
        assertThat(call("look", "t0ken").body())
                .as("beside them, tokens of the settings")
                .contains("done by ci");
    }

    @Test
    void aTokenThatIsNotGoodIsRefusedWithTheReasonAndRunsNothing() throws Exception {
        for (Map.Entry<String, String> bad : badTokens().entrySet()) {
            HttpResponse<String> answer = call("change", bad.getKey());

            assertThat(answer.statusCode()).as(bad.getValue()).isEqualTo(401);
            assertThat(answer.body()).contains(bad.getValue()).doesNotContain(bad.getKey());
            assertThat(challenge(answer))
                    .contains("error=\"invalid_token\"", bad.getValue(), METADATA)
                    .doesNotContain(bad.getKey());
        }
        assertThat(changed).hasValue(0);
        assertThat(call("change", Issuer.token(key, good())).statusCode()).isEqualTo(200);
    }

    /** And the reason for which each is refused. */
    private Map<String, String> badTokens() throws JOSEException {
        Map<String, String> bad = new LinkedHashMap<>();
        bad.put("rubbish", "no JWT");
        bad.put("a.b.c", "no JWT");
        bad.put("{}.{}.{}", "no JWT");
        bad.put(
                Issuer.token(
                        key,
                        claims().expirationTime(Issuer.in(Duration.ofSeconds(-90)))
                                .build()),
                "expired");
        bad.put(
                Issuer.token(
                        key,
                        claims().notBeforeTime(Issuer.in(Duration.ofMinutes(5))).build()),
                "not valid yet");
        bad.put(Issuer.token(key, claims().expirationTime(null).build()), "lacks sub or exp");
        bad.put(Issuer.token(key, claims().subject(null).build()), "lacks sub or exp");
        bad.put(
                Issuer.token(
                        key, claims().audience("https://slackline.example.org/").build()),
                "not for this resource");
        bad.put(Issuer.token(key, claims().issuer(issuer.name() + "/").build()), "another issuer");
        bad.put(Issuer.token(other, good()), "not signed it");
        bad.put(Issuer.token(new RSAKey.Builder(other).keyID("one").build(), good()), "not signed it");
        bad.put(withKeyInside(), "not signed it");
        bad.put(new PlainJWT(good()).serialize(), "it is not signed");
        bad.put(macOfPublicKey(), "not signed in a way that is taken here");
        String good = Issuer.token(key, claims().subject("eve").build());
        String ada = Issuer.token(key, good());
        bad.put(ada.substring(0, ada.lastIndexOf('.')) + good.substring(good.lastIndexOf('.')), "not signed it");
        bad.put(ada.substring(0, ada.lastIndexOf('.') + 1), "no JWT");
        return bad;
    }

    /** The key in its own head is one that the signature fits. */
    private String withKeyInside() throws JOSEException {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .jwk(other.toPublicJWK())
                        .build(),
                good());
        jwt.sign(new RSASSASigner(other));
        return jwt.serialize();
    }

    /** Signed with what everybody knows, for servers that take it for a shared secret. */
    private String macOfPublicKey() throws JOSEException {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("one").build(), good());
        jwt.sign(new MACSigner(key.toRSAPublicKey().getEncoded()));
        return jwt.serialize();
    }

    @Test
    void clocksMayDifferALittle() throws Exception {
        String late = Issuer.token(
                key, claims().expirationTime(Issuer.in(Duration.ofSeconds(-20))).build());

        assertThat(call("look", late).statusCode()).isEqualTo(200);
        goOn(Duration.ofSeconds(41));
        assertThat(call("look", late).statusCode()).isEqualTo(401);
    }

    @Test
    void aKeyThatIsNewIsFetchedAndOneThatIsWithdrawnIsForgotten() throws Exception {
        String before = Issuer.token(key, good());
        assertThat(call("look", before).statusCode()).isEqualTo(200);
        issuer.rotate(other);
        String after = Issuer.token(other, good());
        goOn(Duration.ofSeconds(11));

        assertThat(call("look", after).statusCode()).isEqualTo(200);
        assertThat(call("look", before).statusCode()).isEqualTo(401);
        assertThat(issuer.asked).hasValue(2);
    }

    @Test
    void forgedTokensDoNotMakeTheServerAskAgainAndAgain() throws Exception {
        for (int i = 0; i < 50; i++) {
            assertThat(call("look", Issuer.token(other, good())).statusCode()).isEqualTo(401);
        }

        assertThat(issuer.asked).as("once for the first").hasValue(1);
    }

    @Test
    void keysThatCannotBeReadAreSaidToBeAwayAndReadWhenTheyAreBack() throws Exception {
        issuer.answers(500);
        String token = Issuer.token(key, good());
        for (int i = 0; i < 20; i++) {
            HttpResponse<String> answer = call("change", token);

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).contains("10");
            assertThat(answer.body())
                    .contains("keys of the authorization server cannot be read")
                    .doesNotContain(token);
        }
        assertThat(issuer.asked).hasValue(1);
        assertThat(call("change", "rubbish").statusCode()).isEqualTo(401);
        assertThat(call("look", "t0ken").statusCode()).as("needs no keys").isEqualTo(200);

        issuer.answers(200);
        goOn(Duration.ofSeconds(11));
        assertThat(call("change", token).statusCode()).isEqualTo(200);
        assertThat(changed).hasValue(1);
    }

    @Test
    void keysThatAreKnownServeForAWhileWhenTheIssuerIsAway() throws Exception {
        JWTClaimsSet lasting =
                claims().expirationTime(Issuer.in(Duration.ofHours(5))).build();
        String token = Issuer.token(key, lasting);
        assertThat(call("look", token).statusCode()).isEqualTo(200);
        issuer.answers(500);

        goOn(Duration.ofMinutes(30));
        assertThat(call("look", token).statusCode()).isEqualTo(200);
        goOn(Duration.ofMinutes(31));
        assertThat(call("look", token).statusCode()).isEqualTo(503);
    }

    @Test
    void aTokenWithoutTheScopeIsToldWhichAndRunsNothing() throws Exception {
        String reads = Issuer.token(key, issuer.claims(READ).build());
        HttpResponse<String> beyond = call("change", reads);
        HttpResponse<String> none =
                call("look", Issuer.token(key, issuer.claims("openid").build()));
        HttpResponse<String> list = Requests.send(
                Requests.modern(server.uri(), "tools/list", Map.of()).header("Authorization", "Bearer " + reads));

        for (HttpResponse<String> answer : List.of(beyond, none)) {
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(challenge(answer)).contains("error=\"insufficient_scope\"", "scope=\"" + BOTH + "\"", METADATA);
        }
        assertThat(call("look", reads).body()).contains("done by oauth/ada");
        assertThat(call(
                                "look",
                                Issuer.token(
                                        key,
                                        claims().claim("scope", null)
                                                .claim("scp", List.of(READ))
                                                .build()))
                        .statusCode())
                .as("as other servers write scopes")
                .isEqualTo(200);
        assertThat(list.body()).contains("\"look\"").doesNotContain("\"change\"");
        assertThat(changed).hasValue(0);
    }

    @Test
    void aSubjectThatCouldForgeALineOfTheLogIsNotRepeated() throws Exception {
        HttpResponse<String> answer = call(
                "look", Issuer.token(key, claims().subject("ada\ncaller=root").build()));

        assertThat(answer.body()).contains("done by oauth/sha256-").doesNotContain("root");
    }

    @Test
    void whoHasNoTokenIsToldWhereToGetOne() throws Exception {
        HttpResponse<String> answer = Requests.send(request("look"));
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(challenge(answer))
                .startsWith("Bearer ")
                .contains(METADATA, "scope=\"" + BOTH + "\"")
                .doesNotContain("error");

        for (String path : List.of("", "/mcp")) {
            HttpResponse<String> metadata = Requests.send(
                    HttpRequest.newBuilder(server.uri().resolve("/.well-known/oauth-protected-resource" + path)));
            assertThat(metadata.statusCode()).isEqualTo(200);
            assertThat(metadata.headers().firstValue("Content-Type")).contains("application/json");
            assertThat(metadata.headers().firstValue("Access-Control-Allow-Origin"))
                    .contains("*");
            assertThat(Requests.json(metadata.body()))
                    .containsEntry("resource", Issuer.RESOURCE)
                    .containsEntry("authorization_servers", List.of(issuer.name()))
                    .containsEntry("scopes_supported", List.of("slackline:read", "slackline:write"))
                    .containsEntry("bearer_methods_supported", List.of("header"));
        }
        HttpResponse<String> asked =
                Requests.send(HttpRequest.newBuilder(server.uri().resolve("/.well-known/oauth-protected-resource/mcp"))
                        .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                        .header("Origin", "https://agents.example"));
        assertThat(asked.statusCode()).isBetween(200, 299);
        assertThat(asked.headers().firstValue("Access-Control-Allow-Headers")).contains("*");
        HttpResponse<String> elsewhere = Requests.send(
                HttpRequest.newBuilder(server.uri().resolve("/.well-known/oauth-protected-resource/other")));
        assertThat(elsewhere.statusCode()).isEqualTo(404);
    }

    @Test
    void noForgedTokenEverRunsATool() throws Exception {
        Random random = new Random(20260728);
        List<String> heads = List.of(
                "{\"alg\":\"none\"}",
                "{\"alg\":\"None\",\"typ\":\"JWT\"}",
                "{\"alg\":\"RS256\",\"kid\":\"one\"}",
                "{\"alg\":\"RS256\",\"kid\":\"../../etc/passwd\"}",
                "{\"alg\":\"ES256\",\"kid\":\"one\"}",
                "{\"alg\":\"HS512\",\"kid\":\"one\"}",
                "{\"alg\":\"RS256\",\"crit\":[\"b64\"],\"b64\":false}",
                "{\"alg\":\"RS256\",\"jku\":\"" + issuer.name() + "/evil\"}",
                "{\"alg\":\"dir\",\"enc\":\"A256GCM\"}",
                "{\"alg\":1}",
                "[[[[",
                "");
        String claims = good().toString();
        for (int i = 0; i < 1_000; i++) {
            byte[] signature = new byte[random.nextInt(3) * 128];
            random.nextBytes(signature);
            StringBuilder payload = new StringBuilder(claims);
            if (random.nextBoolean()) {
                payload.setCharAt(random.nextInt(claims.length()), (char) (32 + random.nextInt(95)));
            }
            String token = encoded(heads.get(random.nextInt(heads.size())).getBytes(UTF_8))
                    + "." + encoded(payload.toString().getBytes(UTF_8)) + "."
                    + encoded(signature);
            HttpResponse<String> answer = call("change", token);

            assertThat(answer.statusCode()).as(token).isEqualTo(401);
            assertThat(answer.body()).doesNotContain("Exception", "nimbus", "java.");
        }
        assertThat(changed).hasValue(0);
        assertThat(issuer.asked).as("and none makes it ask a second time").hasValueLessThanOrEqualTo(2);
    }

    private static String encoded(byte[] part) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(part);
    }

    private void goOn(Duration by) {
        now.updateAndGet(before -> before.plus(by));
    }

    private JWTClaimsSet.Builder claims() {
        return issuer.claims(WRITE);
    }

    private JWTClaimsSet good() {
        return claims().build();
    }

    private HttpRequest.Builder request(String tool) {
        return Requests.modern(server.uri(), "tools/call", Map.of("name", tool, "arguments", Map.of()));
    }

    private HttpResponse<String> call(String tool, String token) throws IOException, InterruptedException {
        return Requests.send(request(tool).header("Authorization", "Bearer " + token));
    }

    private static String challenge(HttpResponse<String> answer) {
        return answer.headers().firstValue("WWW-Authenticate").orElseThrow();
    }

    private static RSAKey rsa(String id) throws JOSEException {
        return new RSAKeyGenerator(2048).keyID(id).algorithm(JWSAlgorithm.RS256).generate();
    }

    private Tool tool(String name, Tool.Effect effect) {
        return new Tool(name, name, name, Map.of("type", "object"), Map.of(), effect, call -> {
            changed.addAndGet(effect == Tool.Effect.READS ? 0 : 1);
            return CompletableFuture.completedFuture(
                    ToolResult.of("done by " + call.caller().name(), Map.of()));
        });
    }
}
