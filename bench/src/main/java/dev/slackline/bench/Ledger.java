package dev.slackline.bench;

import java.util.Locale;

/**
 * What became of the messages of one measurement.
 *
 * @param confirmed how many the system said are durable
 * @param found how many different ones were there afterwards
 * @param duplicates how many were there more than once
 */
record Ledger(long confirmed, long found, long duplicates) {

    long lost() {
        return Math.max(0, confirmed - found);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%,d confirmed, %,d lost, %,d duplicates", confirmed, lost(), duplicates);
    }
}
