package dev.slackline.slack;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes answers off the backend's thread, which has better things to do than to write to sockets. Backends confirm many
 * messages at once: one task then gives all their answers, instead of one thread woken for each. Thread-safe.
 */
final class Confirmations {

    private static final Logger log = LoggerFactory.getLogger(Confirmations.class);

    private final ConcurrentLinkedQueue<Runnable> answers = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    /** Gives the answer soon, on a thread of the executor. */
    void add(Runnable answer, Executor executor) {
        answers.add(answer);
        if (waiting.getAndIncrement() == 0) {
            executor.execute(() -> Afterwards.run(this::giveAll));
        }
    }

    private void giveAll() {
        int left = 1;
        while (left > 0) {
            int given = 0;
            for (Runnable answer = answers.poll(); answer != null; answer = answers.poll()) {
                give(answer);
                given++;
            }
            left = waiting.addAndGet(-given);
        }
    }

    /** Whatever goes wrong with one answer, the others are still to be given. */
    private static void give(Runnable answer) {
        try {
            answer.run();
        } catch (Throwable e) {
            log.warn("an answer could not be given", e);
        }
    }
}
