package dev.slackline.app.demo;

import dev.slackline.queue.DeadLetterException;
import dev.slackline.slack.event.SlackEvent;
import dev.slackline.slack.handler.Slack;
import dev.slackline.slack.handler.SlackHandler;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A handler as they are: now and then it fails, before it has answered or after, and one question is too much for it until
 * somebody mends it.
 */
final class DemoHandler implements SlackHandler {

    private static final int EVERY_FAILURE = 20;

    private final Ledger ledger;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final Set<String> failed = ConcurrentHashMap.newKeySet();
    private final int poison;
    private volatile boolean mended;

    /** Does not understand the question of that number. */
    DemoHandler(Ledger ledger, int poison) {
        this.ledger = ledger;
        this.poison = poison;
    }

    @Override
    public void handle(SlackEvent event, Slack slack) {
        String id = event.message().id();
        if (event.text().endsWith(" " + Crowd.question(poison)) && !mended) {
            throw new DeadLetterException("the demo's handler does not understand this question yet");
        }
        int call = calls.incrementAndGet();
        if (call % (2 * EVERY_FAILURE) == 0) {
            failOnce(id);
        }
        slack.reply("<@" + event.user() + ">, that is a good question.");
        if (call % (2 * EVERY_FAILURE) == EVERY_FAILURE) {
            failOnce(id);
        }
        ledger.handled(id);
    }

    void mend() {
        mended = true;
    }

    int failures() {
        return failures.get();
    }

    private void failOnce(String id) {
        if (failed.add(id)) {
            failures.incrementAndGet();
            throw new IllegalStateException("the demo's handler fails now and then");
        }
    }
}
