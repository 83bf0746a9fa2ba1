package dev.slackline.backend.sqlite;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears from the operating system that somebody writes to the log of the database, where it can tell (inotify on Linux).
 * That is only ever a hint: where there is none, or it comes too late, whoever looks now and then finds out by looking.
 * Switched by one thread; hears in another.
 */
final class LogWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LogWatch.class);

    private final Path file;
    private final String name;
    private final Runnable heard;
    private @Nullable WatchService service;
    private @Nullable WatchKey key;
    private boolean unusable;

    /** A watch that is off. */
    LogWatch(Path database, Runnable heard) {
        this.file = database;
        this.name = database.getFileName() + "-wal";
        this.heard = heard;
    }

    /** From here on it is told. */
    void on() {
        if (key != null || unusable) {
            return;
        }
        try {
            Path folder = file.toRealPath().getParent();
            if (folder != null) {
                key = folder.register(service(), StandardWatchEventKinds.ENTRY_MODIFY);
            }
        } catch (IOException | RuntimeException e) { // there may be too many of them, or none on this system
            unusable = true;
            log.debug("writes of other processes are looked for, not heard of cause={}", e.toString());
        }
    }

    /** No longer: what this process writes itself would be told as well. */
    void off() {
        if (key != null) {
            key.cancel();
            key = null;
        }
    }

    @Override
    public void close() {
        unusable = true;
        key = null;
        if (service != null) {
            try {
                service.close();
            } catch (IOException e) {
                log.debug("a watch cannot be closed cause={}", e.toString());
            }
        }
    }

    private WatchService service() throws IOException {
        if (service == null) {
            WatchService made = file.getFileSystem().newWatchService();
            service = made;
            Thread listener = new Thread(() -> listen(made), "slackline-sqlite-watch");
            listener.setDaemon(true);
            listener.start();
        }
        return service;
    }

    private void listen(WatchService watching) {
        try {
            while (true) {
                WatchKey told = watching.take();
                boolean ours = told.pollEvents().stream()
                        .anyMatch(event -> event.context() == null
                                || name.equals(event.context().toString()));
                if (ours) {
                    heard.run();
                }
                told.reset();
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            log.trace("the watch has ended");
        }
    }
}
