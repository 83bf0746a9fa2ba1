package dev.slackline.backend.rabbitmq;

import dev.slackline.queue.DeadLetter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters in the order of their death, each id once; the queue keeps none. Keeps the letters themselves as long as they
 * are small.
 */
final class DeadIndex {

    static final Comparator<DeadLetter> BY_DEATH = Comparator.<DeadLetter, Instant>comparing(
                    letter -> letter.last().at())
            .thenComparing(letter -> letter.message().id());

    private static final long MOST_BYTES = 32L << 20;

    private final List<Place> places = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();
    private final Map<String, DeadLetter> letters = new HashMap<>();
    private long bytes;

    private record Place(Instant at, String id) {}

    void add(DeadLetter letter) {
        String id = letter.message().id();
        if (!ids.add(id)) {
            return;
        }
        places.add(new Place(letter.last().at(), id));
        bytes += letter.message().payload().size();
        if (bytes <= MOST_BYTES) {
            letters.put(id, letter);
        } else {
            letters.clear();
        }
    }

    /** The ids of one page. */
    List<String> page(@Nullable String after, int limit) {
        places.sort(Comparator.comparing(Place::at).thenComparing(Place::id));
        return places.stream()
                .map(Place::id)
                .dropWhile(id -> after != null && !id.equals(after))
                .skip(after == null ? 0 : 1)
                .limit(limit)
                .toList();
    }

    /** The letters of these ids, in their order; null if they were too much to be kept. */
    @Nullable
    List<DeadLetter> letters(List<String> page) {
        if (bytes > MOST_BYTES) {
            return null;
        }
        return page.stream().map(id -> Objects.requireNonNull(letters.get(id))).toList();
    }
}
