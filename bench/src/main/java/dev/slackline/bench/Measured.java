package dev.slackline.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * One run of one thing.
 *
 * @param count how many operations
 * @param seconds how long they took
 * @param latencies of each, in microseconds
 */
record Measured(long count, double seconds, Histogram latencies) {

    static Histogram newHistogram() {
        return new Histogram(60_000_000, 3);
    }

    double rate() {
        return count / seconds;
    }

    double p50Millis() {
        return latencies.getValueAtPercentile(50) / 1000.0;
    }

    double p99Millis() {
        return latencies.getValueAtPercentile(99) / 1000.0;
    }

    /**
     * The median over the rounds of one rate to the other: what runs side by side has the same neighbours, so a disturbed
     * round disturbs one ratio and not both medians.
     */
    static double ratio(List<Measured> runs, List<Measured> baselines) {
        double[] ratios = new double[Math.min(runs.size(), baselines.size())];
        Arrays.setAll(ratios, i -> runs.get(i).rate() / baselines.get(i).rate());
        return median(ratios);
    }

    /** For a table: {@code 12,345/s}. */
    static String medianRate(List<Measured> runs) {
        return String.format(Locale.ROOT, "%,.0f/s", median(runs, Measured::rate));
    }

    static double median(List<Measured> runs, ToDoubleFunction<Measured> figure) {
        return median(runs.stream().mapToDouble(figure).toArray());
    }

    static double median(double... figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%,10.0f/s  p50 %7.2f ms  p99 %7.2f ms", rate(), p50Millis(), p99Millis());
    }
}
