package dev.slackline.slack.socket;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** How often a connection was replaced, and why. Thread-safe. */
final class Reconnects {

    /** Why. */
    enum Cause {
        /** Before the end that Slack announced. */
        PLANNED,
        /** Slack asked for it. */
        REQUESTED,
        /** It broke, or Slack closed it. */
        LOST,
        /** Nothing came any more. */
        SILENT,
        /** Slack has more connections of the app than it allows. */
        CROWDED
    }

    private final Map<Cause, LongAdder> counts = new EnumMap<>(Cause.class);

    Reconnects() {
        for (Cause cause : Cause.values()) {
            counts.put(cause, new LongAdder());
        }
    }

    void happened(Cause cause) {
        counts.computeIfAbsent(cause, unused -> new LongAdder()).increment();
    }

    /** How often, by cause in lower case. */
    Map<String, Long> asMap() {
        Map<String, Long> map = new TreeMap<>();
        counts.forEach((cause, count) -> map.put(cause.name().toLowerCase(Locale.ROOT), count.sum()));
        return map;
    }
}
