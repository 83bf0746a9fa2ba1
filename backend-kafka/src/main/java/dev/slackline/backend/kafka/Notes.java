package dev.slackline.backend.kafka;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last word on deliveries whose partitions changed hands, as far as it was heard: a process that comes to own a
 * partition may read of a delivery after it has heard what became of it. Thread-safe.
 */
final class Notes {

    private static final int MOST = 50_000;

    private final Map<Long, Note> last = new LinkedHashMap<>();

    synchronized void heard(Note note) {
        if (note.token() == 0 || !note.kind().isLast()) {
            return;
        }
        last.putIfAbsent(note.token(), note);
        if (last.size() > MOST) {
            last.remove(last.keySet().iterator().next());
        }
    }

    /** What became of a delivery; null when that was not heard. */
    synchronized @Nullable Note last(long token) {
        return last.get(token);
    }
}
