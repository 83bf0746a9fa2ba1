package dev.slackline.backend.nats;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the client library runs its tasks on. */
final class LibraryThreads {

    private static final Logger log = LoggerFactory.getLogger(LibraryThreads.class);

    private LibraryThreads() {}

    /** For its callbacks: where they happen, as none of ours waits. */
    static ExecutorService atOnce() {
        return new AtOnce();
    }

    /**
     * For what reads from the connection.
     *
     * @param unreadable run when it has ended because of a message that it could not read; returns at once
     */
    static ExecutorService watched(ExecutorService pool, Runnable unreadable) {
        return new Watched(pool, unreadable);
    }

    private static final class AtOnce extends Forwarding {

        @Override
        public void execute(Runnable task) {
            task.run();
        }
    }

    /** Runs what reads from the connection, and sees what it ends with; the library looks away. */
    private static final class Watched extends Forwarding {

        private final ExecutorService pool;
        private final Runnable unreadable;

        Watched(ExecutorService pool, Runnable unreadable) {
            this.pool = pool;
            this.unreadable = unreadable;
        }

        @Override
        public void execute(Runnable task) {
            pool.execute(() -> {
                task.run();
                if (task instanceof Future<?> reader && hasThrown(reader)) {
                    unreadable.run();
                }
            });
        }

        private static boolean hasThrown(Future<?> reader) {
            try {
                Object unused = reader.get();
                return false;
            } catch (ExecutionException e) {
                log.debug("the reader of a connection has ended", e);
                return e.getCause() instanceof IllegalArgumentException;
            } catch (CancellationException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /** An executor that is not shut down by its user. */
    private abstract static class Forwarding extends AbstractExecutorService {

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }
}
