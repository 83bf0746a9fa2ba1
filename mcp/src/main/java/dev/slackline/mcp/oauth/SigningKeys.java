package dev.slackline.mcp.oauth;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that an issuer signs with, fetched when they are needed and kept for a while. However many tokens come, good or
 * forged, the issuer is asked no more than once in {@link #BETWEEN_FETCHES}. Thread-safe; never blocks.
 */
final class SigningKeys {

    /** After this they are fetched again, so that a key that was withdrawn is not trusted for long. */
    static final Duration FRESH = Duration.ofMinutes(5);

    /** For so long they serve while the issuer cannot be reached. */
    static final Duration KEPT = Duration.ofHours(1);

    static final Duration BETWEEN_FETCHES = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(SigningKeys.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int OK = 200;

    /** There are none, and none to be had now. */
    static final class UnavailableException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Those that were published at some time. */
    record Trusted(JWKSet set, Instant since) implements SecurityContext {}

    private final URI address;
    private final InstantSource clock;
    private final HttpClient http;
    private @Nullable Trusted known;
    private @Nullable CompletableFuture<Trusted> fetching;
    private @Nullable Instant fetchedAt;

    SigningKeys(URI address, InstantSource clock) {
        this.address = address;
        this.clock = clock;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** The keys. @return fails with an {@link UnavailableException} */
    synchronized CompletionStage<Trusted> current() {
        Trusted now = known;
        if (now == null) {
            return fetch();
        }
        Duration age = Duration.between(now.since(), clock.instant());
        if (age.compareTo(FRESH) < 0) {
            return CompletableFuture.completedFuture(now);
        }
        CompletableFuture<Trusted> newer = fetch();
        return age.compareTo(KEPT) < 0 ? newer.exceptionally(error -> now) : newer;
    }

    /** Those that came after these; the same if there are none to be had now. */
    synchronized CompletionStage<Trusted> after(Trusted seen) {
        Trusted now = known;
        return now != null && !now.equals(seen)
                ? CompletableFuture.completedFuture(now)
                : fetch().exceptionally(error -> seen);
    }

    private synchronized CompletableFuture<Trusted> fetch() {
        CompletableFuture<Trusted> underWay = fetching;
        if (underWay != null) {
            return underWay;
        }
        Instant now = clock.instant();
        Instant last = fetchedAt;
        if (last != null && Duration.between(last, now).compareTo(BETWEEN_FETCHES) < 0) {
            return CompletableFuture.failedFuture(new UnavailableException());
        }
        fetchedAt = now;
        CompletableFuture<Trusted> result = new CompletableFuture<>();
        fetching = result;
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(TIMEOUT)
                .header("User-Agent", "slackline")
                .header("Accept", "application/jwk-set+json, application/json")
                .build();
        http.sendAsync(request, BodyHandlers.ofString())
                .orTimeout(2 * TIMEOUT.toSeconds(), TimeUnit.SECONDS) // the body may dawdle, too
                .thenApply(SigningKeys::read)
                .whenComplete((set, error) -> fetched(result, set, error));
        return result;
    }

    private void fetched(CompletableFuture<Trusted> result, @Nullable JWKSet set, @Nullable Throwable error) {
        Trusted trusted = set == null ? null : new Trusted(set, clock.instant());
        synchronized (this) {
            fetching = null;
            known = trusted == null ? known : trusted;
        }
        if (trusted == null) {
            log.warn("the keys of the issuer cannot be read host={} cause={}", address.getHost(), cause(error));
            result.completeExceptionally(new UnavailableException());
        } else {
            result.complete(trusted);
        }
    }

    private static JWKSet read(HttpResponse<String> response) {
        if (response.statusCode() != OK) {
            throw new CompletionException(new IOException("http_" + response.statusCode()));
        }
        try {
            return JWKSet.parse(response.body());
        } catch (ParseException e) {
            throw new CompletionException(new IOException("no set of keys"));
        }
    }

    private static String cause(@Nullable Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return String.valueOf(cause);
    }
}
