package dev.slackline.backend.redis;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code redis[s]://[user[:password]@]host[:port][/database]} says. User and password may be percent-encoded.
 *
 * @param username empty for none
 * @param password empty for none
 */
record RedisUrl(boolean tls, String username, String password, String host, int port, int database) {

    private static final int DEFAULT_PORT = 6379;
    private static final Pattern FORM = Pattern.compile(
            "(?<scheme>rediss?)://(?:(?<user>[^:@/]*)(?::(?<password>.*))?@)?"
                    + "(?:\\[(?<address>[0-9A-Fa-f:.]+)]|(?<host>[^\\[\\]:/?#@]+))(?::(?<port>\\d{1,5}))?"
                    + "(?:/(?<database>\\d{0,9}))?",
            Pattern.CASE_INSENSITIVE);

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException saying what is allowed, and never what was given
     */
    static RedisUrl parse(String url) {
        Matcher form = FORM.matcher(url.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException("use redis://user:password@host:6379/0, or rediss:// for TLS; write what"
                    + " is special in a user or password percent-encoded");
        }
        int port = form.group("port") == null ? DEFAULT_PORT : Integer.parseInt(form.group("port"));
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("the port must be from 1 to 65535");
        }
        String host = form.group("host") == null ? form.group("address") : form.group("host");
        String database = form.group("database");
        return new RedisUrl(
                form.group("scheme").equalsIgnoreCase("rediss"),
                decoded(form.group("user")),
                decoded(form.group("password")),
                host,
                port,
                database == null || database.isEmpty() ? 0 : Integer.parseInt(database));
    }

    private static String decoded(@Nullable String part) {
        if (part == null) {
            return "";
        }
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'%' in a user or password is written %25", e);
        }
    }
}
