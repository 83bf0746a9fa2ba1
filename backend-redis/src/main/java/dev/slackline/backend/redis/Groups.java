package dev.slackline.backend.redis;

import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueSettings;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The groups of a topic: declared, dropped, listed and counted. The registry at the server has an epoch, a random word. One
 * that has another than we know was lost and made anew, and what this process has declared is declared again; without
 * that, a group that is gone was dropped by somebody. Thread-safe.
 */
final class Groups {

    private static final Logger log = LoggerFactory.getLogger(Groups.class);
    private static final String EPOCH = ".";
    private static final String FROM_NOW = "$";
    private static final String FROM_THE_START = "0";

    private final Link link;
    private final Failures failures;
    private final Time time;
    private final Keys keys;
    private final QueueSettings.Start start;

    /** Those this process has declared and not dropped, and from where on each is not settled; empty if not known. */
    private final Map<String, String> declaredHere = new ConcurrentHashMap<>();

    private volatile String epoch = "";

    Groups(Link link, Failures failures, Time time, Keys keys, QueueSettings.Start start) {
        this.link = link;
        this.failures = failures;
        this.time = time;
        this.keys = keys;
        this.start = start;
    }

    /** Of the registry, as far as it is known here; empty where nothing was ever declared. */
    String epoch() {
        return epoch;
    }

    CompletableFuture<Void> declare(String name) {
        return declare(name, start == QueueSettings.Start.EARLIEST ? FROM_THE_START : FROM_NOW)
                .thenCompose(answer -> {
                    declaredHere.putIfAbsent(name, "");
                    return adopt(answer.text(0));
                });
    }

    private CompletableFuture<Answer> declare(String name, String from) {
        byte[] newEpoch = Wire.utf8(UUID.randomUUID().toString().substring(0, 8));
        return run("declaring", name, Script.DECLARE, Wire.utf8(from), newEpoch);
    }

    /** Another epoch was seen: declares again what was declared here. Completes when that is done. */
    CompletableFuture<Void> moved(String seen) {
        return seen.isEmpty() && declaredHere.isEmpty() ? known(seen) : adopt(seen);
    }

    private CompletableFuture<Void> adopt(String seen) {
        if (seen.equals(epoch) || epoch.isEmpty()) {
            return known(seen);
        }
        log.warn("the server has lost its groups; declaring again {}", declaredHere.keySet());
        List<CompletableFuture<Answer>> again = new ArrayList<>();
        declaredHere.forEach((name, floor) -> again.add(declare(name, floor.isEmpty() ? FROM_THE_START : floor)));
        return CompletableFuture.allOf(again.toArray(CompletableFuture<?>[]::new))
                .thenCompose(all ->
                        known(again.isEmpty() ? seen : again.get(0).join().text(0)));
    }

    private CompletableFuture<Void> known(String seen) {
        epoch = seen;
        return CompletableFuture.completedFuture(null);
    }

    /** Everything before it is settled. */
    void settledBefore(String name, String floor) {
        declaredHere.computeIfPresent(name, (same, before) -> floor);
    }

    /** A group was not there: makes it again if the server has lost it; fails if it was dropped. */
    CompletableFuture<Void> missed(String name, String seen) {
        if (!seen.equals(epoch) && declaredHere.containsKey(name)) {
            return moved(seen);
        }
        return CompletableFuture.failedFuture(
                declaredHere.remove(name) == null ? failures.undeclared(name) : failures.dropped(name));
    }

    /** Forgets what somebody else has dropped, so that it is not declared again when the server loses everything. */
    void refresh() {
        if (declaredHere.isEmpty()) {
            return;
        }
        link.ask(CommandType.HGETALL, keys.groups()).thenAccept(registry -> {
            Map<String, String> declared = registry.pairs();
            if (epoch.equals(declared.get(EPOCH))) {
                declaredHere.keySet().retainAll(declared.keySet());
            }
        });
    }

    CompletableFuture<Void> drop(String name) {
        declaredHere.remove(name);
        return run("dropping", name, Script.DROP).thenAccept(dropped -> {});
    }

    CompletableFuture<List<String>> all() {
        return answered("listing groups", link.ask(CommandType.HKEYS, keys.groups()))
                .thenApply(answer -> {
                    List<String> names = new ArrayList<>();
                    for (int i = 0; i < answer.size(); i++) {
                        names.add(answer.text(i));
                    }
                    names.remove(EPOCH);
                    names.sort(Comparator.naturalOrder());
                    return List.copyOf(names);
                });
    }

    /**
     * Takes over a message from another backend.
     *
     * @param attempt the attempt that is due; 0 for a dead letter
     */
    CompletableFuture<Boolean> restore(String name, Message message, int attempt, List<Death> deaths) {
        List<byte[]> arguments =
                new ArrayList<>(List.of(Wire.utf8(Integer.toString(attempt)), Wire.utf8(message.id())));
        arguments.addAll(Wire.fields(message, deaths, attempt == 0));
        return run("taking over a message of", name, Script.RESTORE, arguments.toArray(byte[][]::new))
                .thenCompose(answer -> answer.text(0).equals("ok")
                        ? CompletableFuture.completedFuture(answer.number(1) == 1)
                        : missed(name, answer.text(1)).thenCompose(known -> restore(name, message, attempt, deaths)));
    }

    /** Every group, and the keys that belong to none. */
    CompletableFuture<Void> dropTopic() {
        return all().thenCompose(names ->
                        CompletableFuture.allOf(names.stream().map(this::drop).toArray(CompletableFuture<?>[]::new)))
                .thenCompose(dropped -> answered(
                        "dropping the topic",
                        link.ask(CommandType.UNLINK, keys.topic().toArray())))
                .thenAccept(gone -> epoch = "");
    }

    CompletableFuture<GroupStats> stats(String name) {
        byte[] present = Wire.utf8(Long.toString(Consumers.PRESENT.toMillis()));
        return run("counting", name, Script.STATS, present).thenApply(answer -> {
            if (!answer.text(0).equals("ok")) {
                throw failures.undeclared(name);
            }
            int consumers = (int) answer.number(5);
            return new GroupStats(
                    Math.max(0, answer.number(1)),
                    answer.number(2),
                    answer.number(3),
                    answer.number(4),
                    oldest(answer.list(7)),
                    consumers,
                    consumers > 0 ? null : Instant.ofEpochMilli(answer.number(6)));
        });
    }

    private @Nullable Duration oldest(Answer times) {
        Duration oldest = null;
        Instant now = time.clock().instant();
        for (int i = 0; i < times.size(); i++) {
            Duration age = Duration.between(Instant.ofEpochMilli(times.number(i)), now);
            oldest = oldest == null || age.compareTo(oldest) > 0 ? age : oldest;
        }
        return oldest;
    }

    /** Completes if the server stores something; fails as a publish would. */
    CompletableFuture<Void> takesWrites() {
        return link.ask(CommandType.SET, keys.probe(), "1", "PX", "1").thenAccept(stored -> {});
    }

    /** Runs a script of a group: the time's shift and the group are its first arguments. */
    CompletableFuture<Answer> run(String what, String name, Script script, byte[]... arguments) {
        List<byte[]> all = new ArrayList<>(List.of(time.shift(), Wire.utf8(name)));
        all.addAll(List.of(arguments));
        return answered(what + " group " + name, link.run(script, keys.group(name), all));
    }

    private CompletableFuture<Answer> answered(String what, CompletableFuture<Answer> answer) {
        CompletableFuture<Answer> result = new CompletableFuture<>();
        answer.whenComplete((parts, error) -> {
            if (error == null) {
                result.complete(parts);
            } else {
                result.completeExceptionally(failures.asked(what, error));
            }
        });
        return result;
    }
}
