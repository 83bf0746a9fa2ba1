package dev.slackline.queue.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Which faults come in a soak, in which order and for how long: the same for the same seed.
 *
 * @param steps one after the other
 */
record FaultSchedule(List<Step> steps) {

    /** What can go wrong. */
    enum Fault {
        KILL_CONSUMER(false, 0),
        KILL_PUBLISHER(false, 0),
        KILL_BROKER(true, 6_000),
        RESTART_BROKER(true, 8_000),
        PAUSE_BROKER(true, 0),
        CUT(true, 0),
        BLACK_HOLE(true, 0),
        SLOW_NETWORK(true, 0);

        /** Whether there must be a broker process. */
        final boolean atTheBroker;

        /** About how long it takes besides its length. */
        private final int costMillis;

        Fault(boolean atTheBroker, int costMillis) {
            this.atTheBroker = atTheBroker;
            this.costMillis = costMillis;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /**
     * One fault.
     *
     * @param quiet how long all is well before it
     * @param fault what happens
     * @param length how long it lasts
     */
    record Step(Duration quiet, Fault fault, Duration length) {}

    private static final int QUIET_MILLIS = 2_000;
    private static final int LENGTH_MILLIS = 4_000;

    /** Makes one that takes about so long. */
    static FaultSchedule of(Random random, Duration length, List<Fault> faults) {
        List<Step> steps = new ArrayList<>();
        long left = length.toMillis();
        while (left > 0) {
            Fault fault = faults.get(random.nextInt(faults.size()));
            long quiet = 500L + random.nextInt(QUIET_MILLIS);
            long lasting = 100L + random.nextInt(LENGTH_MILLIS);
            steps.add(new Step(Duration.ofMillis(quiet), fault, Duration.ofMillis(lasting)));
            left -= quiet + lasting + fault.costMillis;
        }
        return new FaultSchedule(List.copyOf(steps));
    }

    /** How often each fault comes. */
    @Override
    public String toString() {
        Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
        steps.forEach(step -> counts.merge(step.fault, 1, Integer::sum));
        return counts.entrySet().stream()
                .map(entry -> entry.getValue() + " × " + entry.getKey())
                .collect(Collectors.joining(", "));
    }
}
