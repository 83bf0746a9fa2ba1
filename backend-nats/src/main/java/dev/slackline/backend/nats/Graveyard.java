package dev.slackline.backend.nats;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.DeadLetters;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueException;
import io.nats.client.impl.Headers;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters of one group: one subject for each message, of which the last story is kept. Their order in the stream
 * is that of their deaths.
 */
final class Graveyard implements DeadLetters {

    private static final int AT_ONCE = 256;

    private final String group;
    private final Names names;
    private final Registry registry;
    private final Publisher publisher;
    private final Link link;
    private final Threads threads;
    private final Failures failures;

    Graveyard(
            String group,
            Names names,
            Registry registry,
            Publisher publisher,
            Link link,
            Threads threads,
            Failures failures) {
        this.group = group;
        this.names = names;
        this.registry = registry;
        this.publisher = publisher;
        this.link = link;
        this.threads = threads;
        this.failures = failures;
    }

    /** A dead letter, and where it lies. */
    private record Grave(long sequence, DeadLetter letter) {}

    @Override
    public CompletionStage<List<DeadLetter>> list(@Nullable String after, int limit) {
        return call(session -> {
            long from = 1;
            if (after != null) {
                Found place = session.api().last(names.dead(), names.dead(group, after));
                if (place == null) {
                    return List.of();
                }
                from = place.sequence() + 1;
            }
            return page(session, from, limit).stream().map(Grave::letter).toList();
        });
    }

    @Override
    public CompletionStage<Optional<DeadLetter>> show(String id) {
        return call(session -> Optional.ofNullable(find(session, id)).map(Grave::letter));
    }

    @Override
    public CompletionStage<Integer> replay(Collection<String> ids) {
        return call(session -> {
            int replayed = 0;
            for (String id : new LinkedHashSet<>(ids)) {
                Grave grave = find(session, id);
                replayed += grave != null && replay(session, grave) ? 1 : 0;
            }
            return replayed;
        });
    }

    @Override
    public CompletionStage<Integer> replayAll() {
        return call(session -> {
            long last = last(session); // what dies meanwhile is for the next time
            int replayed = 0;
            List<Grave> page = page(session, 1, AT_ONCE);
            while (!page.isEmpty()) {
                for (Grave grave : page) {
                    replayed += grave.sequence() <= last && replay(session, grave) ? 1 : 0;
                }
                long next = page.get(page.size() - 1).sequence() + 1;
                page = next > last ? List.of() : page(session, next, AT_ONCE);
            }
            return replayed;
        });
    }

    @Override
    public CompletionStage<Boolean> restore(DeadLetter letter) {
        return call(session -> {
            Message message = letter.message();
            String place = names.dead(group, message.id());
            if (session.api().last(names.dead(), place) != null) {
                return false;
            }
            session.api()
                    .store(
                            names.dead(),
                            place,
                            Wire.pack(message, null, letter.deaths(), true),
                            message.payload().bytes());
            return true;
        });
    }

    @Override
    public CompletionStage<Integer> drop(Collection<String> ids) {
        return call(session -> {
            int dropped = 0;
            for (String id : new LinkedHashSet<>(ids)) {
                Found found = session.api().last(names.dead(), names.dead(group, id));
                dropped += found != null && session.api().delete(names.dead(), found.sequence()) ? 1 : 0;
            }
            return dropped;
        });
    }

    @Override
    public CompletionStage<Integer> dropAll() {
        return call(
                session -> (int) session.api().purge(names.dead(), "{\"filter\":\"" + names.allDead(group) + "\"}"));
    }

    /**
     * Stores it again, for this group alone, then forgets it. A crash in between leaves both: the next replay is then told
     * that it is a duplicate, and so is whoever replays the same one at the same time.
     */
    private boolean replay(Session session, Grave grave) {
        DeadLetter letter = grave.letter();
        String once =
                "replay " + group + " " + Percent.VALUE.encode(letter.message().id()) + " "
                        + ChronoUnit.MICROS.between(Instant.EPOCH, letter.last().at());
        Headers headers = Wire.pack(letter.message(), once, letter.deaths(), false);
        try {
            Publisher.Confirmation where = publisher
                    .put(
                            names.messages(),
                            names.subject(group, letter.message().key()),
                            headers,
                            letter.message().payload().bytes())
                    .join();
            session.api().delete(names.dead(), grave.sequence());
            return !where.duplicate();
        } catch (CompletionException e) {
            throw e.getCause() instanceof QueueException known ? known : e;
        }
    }

    private @Nullable Grave find(Session session, String id) {
        Found found = session.api().last(names.dead(), names.dead(group, id));
        return found == null ? null : grave(found.headers(), found.body().bytes(), found.sequence(), found.time());
    }

    private List<Grave> page(Session session, long from, int limit) {
        return Reading.of(session, failures, names.dead(), names.allDead(group), from, limit).stream()
                .map(read -> grave(
                        read.getHeaders(),
                        read.getData(),
                        read.metaData().streamSequence(),
                        read.metaData().timestamp().toInstant()))
                .toList();
    }

    private long last(Session session) {
        var stream = session.api().stream(names.dead());
        return stream == null ? 0 : stream.getStreamState().getLastSequence();
    }

    private Grave grave(@Nullable Headers headers, byte[] body, long sequence, Instant stored) {
        Wire.Stored read = Wire.unpack(headers, null, body, sequence, stored);
        List<Death> deaths = read.deaths().isEmpty() ? List.of(new Death(stored, 1, "unknown")) : read.deaths();
        return new Grave(sequence, new DeadLetter(read.message(), group, deaths));
    }

    private <T> CompletableFuture<T> call(Function<Session, T> work) {
        return threads.call(() -> {
            Session session = link.session();
            if (registry.from(session, group) == null) {
                throw failures.undeclared(group);
            }
            return work.apply(session);
        });
    }
}
