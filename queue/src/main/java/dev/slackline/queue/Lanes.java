package dev.slackline.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a worker holds, and which of it may start: of the deliveries that share an ordering key one at a time, in the
 * order in which they came. Not thread-safe.
 */
final class Lanes {

    /** Handed to the worker and not settled. */
    private final Set<Delivery> held = new HashSet<>();
    /** May start now: no other of their ordering key runs. */
    private final Deque<Delivery> startable = new ArrayDeque<>();
    /** For each ordering key that is taken, those that wait for it. */
    private final Map<String, Deque<Delivery>> waiting = new HashMap<>();

    void add(Delivery delivery) {
        held.add(delivery);
        String key = delivery.message().orderingKey();
        Deque<Delivery> lane = key == null ? null : waiting.get(key);
        if (lane != null) {
            lane.add(delivery);
            return;
        }
        if (key != null) {
            waiting.put(key, new ArrayDeque<>(1));
        }
        startable.add(delivery);
    }

    /** Takes the next that may start; null when there is none. */
    @Nullable
    Delivery start() {
        return startable.poll();
    }

    /** It could not be started after all. */
    void startLater(Delivery delivery) {
        startable.addFirst(delivery);
    }

    /** It is settled, and the next of its ordering key may start. */
    void settled(Delivery delivery) {
        held.remove(delivery);
        String key = delivery.message().orderingKey();
        Deque<Delivery> lane = key == null ? null : waiting.get(key);
        if (lane == null) {
            return;
        }
        if (lane.isEmpty()) {
            waiting.remove(key);
        } else {
            startable.add(lane.remove());
        }
    }

    /** Takes out everything that was not started. */
    List<Delivery> removeUnstarted() {
        List<Delivery> unstarted = new ArrayList<>(startable);
        waiting.values().forEach(unstarted::addAll);
        startable.clear();
        waiting.values().forEach(Deque::clear);
        unstarted.forEach(held::remove);
        return unstarted;
    }

    int size() {
        return held.size();
    }

    List<Delivery> held() {
        return List.copyOf(held);
    }
}
