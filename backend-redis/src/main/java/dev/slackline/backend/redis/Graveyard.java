package dev.slackline.backend.redis;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.DeadLetters;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The dead letters of one group: a stream of their own, in the order of death. */
final class Graveyard implements DeadLetters {

    /** So many are moved with one script when all are meant, so that nobody waits long for the server. */
    private static final int AT_ONCE = 200;

    private final Groups groups;
    private final Executor executor;
    private final String group;

    Graveyard(Groups groups, Executor executor, String group) {
        this.groups = groups;
        this.executor = executor;
        this.group = group;
    }

    @Override
    public CompletionStage<List<DeadLetter>> list(@Nullable String after, int limit) {
        return ask("list", after == null ? "" : after, Integer.toString(limit))
                .thenApplyAsync(answer -> letters(answer.list(1)), executor);
    }

    @Override
    public CompletionStage<Optional<DeadLetter>> show(String id) {
        return ask("show", id)
                .thenApplyAsync(answer -> letters(answer.list(1)).stream().findFirst(), executor);
    }

    @Override
    public CompletionStage<Boolean> restore(DeadLetter letter) {
        return groups.restore(group, letter.message(), 0, letter.deaths()).thenApplyAsync(stored -> stored, executor);
    }

    @Override
    public CompletionStage<Integer> replay(Collection<String> ids) {
        return some("replay", ids);
    }

    @Override
    public CompletionStage<Integer> replayAll() {
        return all("replay-first");
    }

    @Override
    public CompletionStage<Integer> drop(Collection<String> ids) {
        return some("drop", ids);
    }

    @Override
    public CompletionStage<Integer> dropAll() {
        return all("drop-first");
    }

    private CompletionStage<Integer> some(String what, Collection<String> ids) {
        List<String> rest = List.copyOf(ids);
        CompletableFuture<Integer> done = CompletableFuture.completedFuture(0);
        for (int from = 0; from < rest.size(); from += AT_ONCE) {
            List<String> part = rest.subList(from, Math.min(from + AT_ONCE, rest.size()));
            done = done.thenCompose(before ->
                    ask(what, part.toArray(String[]::new)).thenApply(answer -> before + (int) answer.number(1)));
        }
        return done.thenApplyAsync(count -> count, executor);
    }

    /** Those that are there now, part by part. */
    private CompletionStage<Integer> all(String what) {
        return ask("last")
                .thenCompose(answer ->
                        answer.text(1).isEmpty() ? CompletableFuture.completedFuture(0) : upTo(what, answer.text(1), 0))
                .thenApplyAsync(count -> count, executor);
    }

    private CompletableFuture<Integer> upTo(String what, String last, int before) {
        return ask(what, last, Integer.toString(AT_ONCE)).thenCompose(answer -> {
            int done = (int) answer.number(1);
            return done < AT_ONCE ? CompletableFuture.completedFuture(before + done) : upTo(what, last, before + done);
        });
    }

    private CompletableFuture<Answer> ask(String what, String... arguments) {
        byte[][] all = new byte[arguments.length + 1][];
        all[0] = Wire.utf8(what);
        for (int i = 0; i < arguments.length; i++) {
            all[i + 1] = Wire.utf8(arguments[i]);
        }
        return groups.run("looking after the dead letters of", group, Script.DEAD, all)
                .thenCompose(answer -> answer.text(0).equals("ok")
                        ? CompletableFuture.completedFuture(answer)
                        : groups.missed(group, answer.text(1)).thenCompose(known -> ask(what, arguments)));
    }

    private List<DeadLetter> letters(Answer entries) {
        List<DeadLetter> letters = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            Answer entry = entries.list(i);
            Wire.Entry read = Wire.read(entry.text(0), entry.list(1));
            letters.add(new DeadLetter(read.message(), group, read.deaths()));
        }
        return letters;
    }
}
