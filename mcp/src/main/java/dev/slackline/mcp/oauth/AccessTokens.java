package dev.slackline.mcp.oauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.slackline.mcp.Caller;
import dev.slackline.mcp.oauth.SigningKeys.Trusted;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Tells the access tokens of one authorization server from all others: JWTs (RFC 9068) that it has signed for this server,
 * that are valid now. Only signatures with a public key count, whatever a token says of itself. A token is never logged nor
 * repeated. Thread-safe; never blocks.
 */
public final class AccessTokens {

    /** By how much the clocks of two machines may differ. */
    static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

    /** For how long a client should wait where it cannot be said what its token is worth. */
    public static final Duration PAUSE = SigningKeys.BETWEEN_FETCHES;

    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);
    private static final String SUBJECT = "sub";
    private static final String NAME = "[A-Za-z0-9_.@|:+-]{1,128}";

    /** What a token is worth. */
    public enum Worth {
        /** It lets its bearer in. */
        GOOD,
        /** It is no token of ours, or no longer. */
        INVALID,
        /** It is one, and has no scope that counts here. */
        WITHOUT_SCOPE,
        /** Nobody can tell before the keys of the issuer can be read. */
        UNKNOWN
    }

    /**
     * What came of looking at a token.
     *
     * @param reason why it is not good, for the client
     * @param caller who bears it; null unless it is good
     */
    public record Verdict(
            Worth worth, String reason, @Nullable Caller caller) {}

    private final OAuthSettings settings;
    private final InstantSource clock;
    private final SigningKeys keys;
    private final DefaultJWTClaimsVerifier<Trusted> claimsCheck;
    private final DefaultJWTProcessor<Trusted> processor = new DefaultJWTProcessor<>();

    /** Those of one server. The clock says whether a token is valid yet, and still. */
    public AccessTokens(OAuthSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.keys = new SigningKeys(settings.jwksUrl(), clock);
        this.claimsCheck =
                new DefaultJWTClaimsVerifier<>(
                        Set.of(settings.resource().toString()),
                        new JWTClaimsSet.Builder().issuer(settings.issuer()).build(),
                        Set.of(SUBJECT, "exp"),
                        null) {
                    @Override
                    protected Date currentTime() {
                        return Date.from(clock.instant());
                    }
                };
        claimsCheck.setMaxClockSkew((int) CLOCK_SKEW.toSeconds());
        processor.setJWTClaimsSetVerifier(claimsCheck);
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(
                JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt"), null));
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(ALGORITHMS, (selector, trusted) -> selector.select(trusted.set())));
    }

    /** Looks at a token. What it claims is checked first: only for one that would be good is the issuer asked for its keys. */
    public CompletionStage<Verdict> judge(String token) {
        SignedJWT jwt;
        JWTClaimsSet claims;
        try {
            if (!(JWTParser.parse(token) instanceof SignedJWT signed)) {
                return invalid("it is not signed");
            }
            jwt = signed;
            claims = signed.getJWTClaimsSet();
        } catch (ParseException | RuntimeException e) { // a parser may stumble over what nobody ever wrote
            return invalid("it is no JWT");
        }
        if (!ALGORITHMS.contains(jwt.getHeader().getAlgorithm())) {
            return invalid("it is not signed in a way that is taken here: RS, PS or ES");
        }
        try {
            claimsCheck.verify(claims, null);
        } catch (BadJWTException e) {
            return invalid(fault(claims));
        }
        return keys.current()
                .thenCompose(trusted -> isSigned(jwt, trusted)
                        ? CompletableFuture.completedFuture(true)
                        : keys.after(trusted).thenApply(newer -> !newer.equals(trusted) && isSigned(jwt, newer)))
                .thenApply(signed -> signed
                        ? admitted(claims)
                        : new Verdict(Worth.INVALID, "the issuer has not signed it with a key that it publishes", null))
                .exceptionally(AccessTokens::undecided);
    }

    private boolean isSigned(SignedJWT jwt, Trusted trusted) {
        try {
            processor.process(jwt, trusted);
            return true;
        } catch (BadJOSEException | JOSEException | IllegalArgumentException e) {
            return false;
        }
    }

    private static Verdict undecided(Throwable thrown) {
        Throwable error =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (error instanceof SigningKeys.UnavailableException) {
            return new Verdict(Worth.UNKNOWN, "the keys of the authorization server cannot be read now", null);
        }
        throw new CompletionException(error);
    }

    private Verdict admitted(JWTClaimsSet claims) {
        List<String> scopes = scopes(claims);
        Caller.Access access = scopes.contains(settings.writeScope())
                ? Caller.Access.WRITE
                : scopes.contains(settings.readScope()) ? Caller.Access.READ : null;
        return access == null
                ? new Verdict(Worth.WITHOUT_SCOPE, "the token has no scope for this server", null)
                : new Verdict(Worth.GOOD, "", new Caller(name(claims.getSubject()), access));
    }

    /** In {@code scope}, as the standard has it, or in {@code scp}, as some servers do. */
    private static List<String> scopes(JWTClaimsSet claims) {
        Object scopes = claims.getClaim("scope") == null ? claims.getClaim("scp") : claims.getClaim("scope");
        if (scopes instanceof Collection<?> several) {
            return several.stream().map(String::valueOf).toList();
        }
        return scopes instanceof String text ? List.of(text.split(" ")) : List.of();
    }

    /** One that no token of the settings can have, and that cannot break a line of the log. */
    private static String name(@Nullable String subject) {
        String who = String.valueOf(subject);
        return "oauth/" + (who.matches(NAME) ? who : "sha256-" + digest(who));
    }

    private static String digest(String text) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    private String fault(@Nullable JWTClaimsSet claims) {
        if (claims == null) {
            return "it claims nothing";
        }
        if (!settings.issuer().equals(claims.getIssuer())) {
            return "it is of another issuer (iss)";
        }
        if (!claims.getAudience().contains(settings.resource().toString())) {
            return "it is not for this resource (aud)";
        }
        Date end = claims.getExpirationTime();
        if (end == null || claims.getSubject() == null) {
            return "it lacks sub or exp";
        }
        return end.toInstant().isBefore(clock.instant()) ? "it has expired" : "it is not valid yet (nbf)";
    }

    private static CompletionStage<Verdict> invalid(String reason) {
        return CompletableFuture.completedFuture(new Verdict(Worth.INVALID, reason, null));
    }
}
