package dev.slackline.mcp.inbox;

import dev.slackline.mcp.access.ChannelRules;
import dev.slackline.mcp.access.Conversations;
import dev.slackline.slack.event.SlackEvent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Which events agents may see, by the channels that are open to them. A channel that is not known yet is looked up in the
 * background, and until then its events are not seen; they come round again. Thread-safe; never blocks.
 */
public final class Sight implements Predicate<SlackEvent> {

    private static final int MAX_CHANNELS = 10_000;
    /** A channel may get another name, and what could not be looked up may be there by then. */
    private static final Duration KEPT = Duration.ofMinutes(5);

    private static final Duration FAILED_KEPT = Duration.ofSeconds(10);

    private final ChannelRules rules;
    private final Conversations conversations;
    private final Map<String, Answer> answers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Answer> eldest) {
            return size() > MAX_CHANNELS;
        }
    };

    private Sight(ChannelRules rules, Conversations conversations) {
        this.rules = rules;
        this.conversations = conversations;
    }

    /** Events of these channels; of all if all are permitted. */
    public static Predicate<SlackEvent> of(ChannelRules rules, Conversations conversations) {
        return rules.permitAll() ? Inbox.EVERYTHING : new Sight(rules, conversations);
    }

    /** {@link #of} where nothing can be looked up: all events if all are permitted, else only those of no channel. */
    public static Predicate<SlackEvent> withoutSlack(ChannelRules rules) {
        return rules.permitAll() ? Inbox.EVERYTHING : event -> event.channel() == null && rules.permitElsewhere();
    }

    @Override
    public boolean test(SlackEvent event) {
        String channel = event.channel();
        if (channel == null) {
            return rules.permitElsewhere();
        }
        CompletableFuture<Boolean> permitted = permitted(channel);
        return permitted.isDone() && !permitted.isCompletedExceptionally() && permitted.join();
    }

    private synchronized CompletableFuture<Boolean> permitted(String channel) {
        Answer known = answers.get(channel);
        long now = System.nanoTime();
        if (known != null && now - known.since < known.kept().toNanos()) {
            return known.permitted;
        }
        CompletableFuture<Boolean> permitted =
                conversations.find(channel, false).thenApply(rules::permit).toCompletableFuture();
        answers.put(channel, new Answer(permitted, now));
        return permitted;
    }

    private record Answer(CompletableFuture<Boolean> permitted, long since) {
        Duration kept() {
            return permitted.isCompletedExceptionally() ? FAILED_KEPT : KEPT;
        }
    }
}
