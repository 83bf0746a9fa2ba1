package dev.slackline.mcp;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Carries word of changed resources from those who change them to the clients that subscribed to them. Thread-safe; a
 * watcher is called on the thread that tells of the change, and must not block it.
 */
public final class ResourceUpdates {

    /** Ends what it was returned for; idempotent. */
    public interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    private final Map<String, Set<Watcher>> watchers = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /** Somebody should read this resource again. */
    public void changed(String uri) {
        watchers.getOrDefault(uri, Set.of()).forEach(watcher -> watcher.told().accept(uri));
    }

    /** The resources that somebody watches now. */
    public Set<String> watched() {
        return Set.copyOf(watchers.keySet());
    }

    /** Has this run whenever {@link #watched()} may have become another: whoever looks for changes can rest meanwhile. */
    public Watch onWatched(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Tells of every change of these resources, until it is closed. */
    public Watch watch(Set<String> uris, Consumer<String> watcher) {
        Watcher own = new Watcher(new Object(), watcher);
        uris.forEach(uri -> watchers.compute(uri, (name, present) -> {
            Set<Watcher> all = present == null ? ConcurrentHashMap.newKeySet() : present;
            all.add(own);
            return all;
        }));
        listeners.forEach(Runnable::run);
        return () -> {
            uris.forEach(uri -> watchers.computeIfPresent(uri, (name, all) -> {
                all.remove(own);
                return all.isEmpty() ? null : all;
            }));
            listeners.forEach(Runnable::run);
        };
    }

    /** The same consumer may watch twice. */
    private record Watcher(Object identity, Consumer<String> told) {}
}
