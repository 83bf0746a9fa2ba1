package dev.slackline.backend.postgres;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * Which database, as {@code POSTGRES_URL} says it: {@code postgresql://user:password@host:5432/database?parameters},
 * with several hosts separated by commas.
 *
 * @param jdbcUrl the same for the driver, without user and password
 * @param place the same for people: hosts and database
 */
record Target(
        String jdbcUrl,
        String place,
        @Nullable String user,
        @Nullable String password) {

    private static final String EXPECTED = "use postgresql://user@host:5432/database";

    static Target parse(String url) {
        String rest = withoutScheme(url);
        int query = rest.indexOf('?');
        String parameters = query < 0 ? "" : rest.substring(query + 1);
        String place = query < 0 ? rest : rest.substring(0, query);
        int at = place.lastIndexOf('@');
        String user = null;
        String password = null;
        if (at >= 0) {
            String[] who = place.substring(0, at).split(":", 2);
            user = decoded(who[0]);
            password = who.length > 1 ? decoded(who[1]) : null;
            place = place.substring(at + 1);
        }
        String hosts = place.contains("/") ? place.substring(0, place.indexOf('/')) : place;
        if (hosts.contains(",") && !parameters.contains("targetServerType=")) {
            parameters += (parameters.isEmpty() ? "" : "&") + "targetServerType=primary";
        }
        String whole = place.contains("/") ? place : place + "/";
        String jdbcUrl = "jdbc:postgresql://" + whole + (parameters.isEmpty() ? "" : "?" + parameters);
        if (whole.endsWith("/") || Driver.parseURL(jdbcUrl, new Properties()) == null) {
            throw new IllegalArgumentException(EXPECTED);
        }
        return new Target(jdbcUrl, place, user, password);
    }

    private static String withoutScheme(String url) {
        String lean = url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url;
        for (String scheme : new String[] {"postgresql://", "postgres://"}) {
            if (lean.startsWith(scheme)) {
                return lean.substring(scheme.length());
            }
        }
        throw new IllegalArgumentException(EXPECTED);
    }

    private static String decoded(String part) {
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) { // whose message quotes what it could not read
            throw new IllegalArgumentException("'%' in a user or password is written %25", e);
        }
    }

    @Override
    public String toString() {
        return place;
    }
}
