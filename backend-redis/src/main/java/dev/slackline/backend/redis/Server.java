package dev.slackline.backend.redis;

import io.lettuce.core.protocol.CommandType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the server of each connection: whether it can be used, and whether its settings endanger messages. */
final class Server {

    private static final Logger log = LoggerFactory.getLogger(Server.class);
    private static final int MAJOR = 6;
    private static final int MINOR = 2;
    private static final List<String> ASKED = List.of("appendonly", "appendfsync", "maxmemory", "maxmemory-policy");

    private final Failures failures;
    private volatile List<String> warned = List.of();
    private volatile @Nullable String danger;

    Server(Failures failures) {
        this.failures = failures;
    }

    /** What is wrong with its settings, so that confirmed messages may be lost; null where nothing is known of it. */
    @Nullable
    String danger() {
        return danger;
    }

    /** Completes when it can be used. */
    CompletionStage<?> check(Line line) {
        return line.ask(CommandType.HELLO)
                .handle((hello, error) -> {
                    if (error != null) {
                        throw said(error, "unknown command") || said(error, "Protocol version")
                                ? failures.connection(tooOld("before 6.2"), false, error)
                                : failures.connection(failures.describe(error), !Failures.refused(error), error);
                    }
                    return usable(hello.pairs());
                })
                .thenCompose(usable -> look(line));
    }

    private boolean usable(Map<String, String> hello) {
        String version = hello.getOrDefault("version", "0");
        if (isBefore(version)) {
            throw failures.connection(tooOld(version), false, null);
        }
        if (!Objects.equals(hello.getOrDefault("role", "master"), "master")) {
            throw failures.connection(
                    "this server is a replica and takes no writes; name the master in " + RedisSettings.URL.name(),
                    true,
                    null);
        }
        return true;
    }

    private static String tooOld(String version) {
        return "the server is Redis " + version + "; this backend needs 6.2 or newer";
    }

    static boolean isBefore(String version) {
        String[] parts = version.split("\\.", -1);
        try {
            int major = Integer.parseInt(parts[0]);
            int minor = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
            return major < MAJOR || (major == MAJOR && minor < MINOR);
        } catch (NumberFormatException e) {
            return false; // a build of somebody's own: the first script will tell
        }
    }

    private CompletionStage<?> look(Line line) {
        Map<String, CompletableFuture<Answer>> asked = new HashMap<>();
        ASKED.forEach(name -> asked.put(name, line.ask(CommandType.CONFIG, "GET", name)));
        return CompletableFuture.allOf(asked.values().toArray(CompletableFuture<?>[]::new))
                .handle((all, error) -> {
                    Map<String, String> known = new HashMap<>();
                    asked.forEach((name, answer) -> {
                        if (!answer.isCompletedExceptionally()) {
                            known.putAll(answer.join().pairs());
                        }
                    });
                    return known;
                })
                .thenAccept(this::judge);
    }

    /** What it warns about, once as long as nothing changes. */
    void judge(Map<String, String> settings) {
        List<String> dangers = dangers(settings);
        danger = dangers.isEmpty() ? null : String.join("; ", dangers);
        List<String> warnings = new ArrayList<>(dangers);
        if ("everysec".equals(settings.get("appendfsync")) && "yes".equals(settings.get("appendonly"))) {
            warnings.add("appendfsync is everysec: a machine that fails, or a server that is killed while its disk is"
                    + " slow, loses up to two seconds of confirmed messages; set it to always to lose none");
        }
        if (!settings.keySet().containsAll(ASKED)) {
            warnings.add("this user may not read the server's settings (CONFIG GET), so they were not checked: see that"
                    + " appendonly is yes, appendfsync always and maxmemory-policy noeviction");
        }
        if (!warnings.equals(warned)) {
            warned = List.copyOf(warnings);
            warnings.forEach(log::warn);
        }
    }

    private static List<String> dangers(Map<String, String> settings) {
        List<String> dangers = new ArrayList<>();
        if ("no".equals(settings.get("appendonly"))) {
            dangers.add(
                    "appendonly is no: a server that is restarted has lost what it confirmed since its last snapshot;"
                            + " set it to yes");
        } else if ("no".equals(settings.get("appendfsync"))) {
            dangers.add("appendfsync is no: a machine that fails loses what it confirmed in the last half minute or so;"
                    + " set it to always");
        }
        String policy = settings.get("maxmemory-policy");
        if (policy != null && !policy.equals("noeviction")) {
            dangers.add("maxmemory-policy is " + policy + ": a server that is full deletes messages"
                    + ("0".equals(settings.get("maxmemory")) ? " once a maxmemory is set" : "")
                    + "; set it to noeviction");
        }
        return dangers;
    }

    private static boolean said(Throwable error, String what) {
        return String.valueOf(Failures.unwrapped(error).getMessage()).contains(what);
    }
}
