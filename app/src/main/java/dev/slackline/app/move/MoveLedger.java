package dev.slackline.app.move;

import dev.slackline.app.process.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of everything that a move found.
 *
 * @param groups one line for each group
 */
public record MoveLedger(List<Line> groups) {

    /**
     * What became of one group.
     *
     * @param group its name
     * @param moved messages that the target has confirmed
     * @param dead dead letters that the target has confirmed
     * @param alreadyThere messages and dead letters that the target had from an earlier move
     * @param refused messages and dead letters that the target refuses for good; they stay in the source
     * @param left messages and dead letters that are in the source now, as far as it tells
     * @param lost messages that the source has let go and the target has not confirmed
     */
    public record Line(String group, long moved, long dead, long alreadyThere, long refused, long left, long lost) {}

    /** Copies the list. */
    public MoveLedger {
        groups = List.copyOf(groups);
    }

    /** Whether nothing is left in the source, and nothing lost. */
    public boolean isClean() {
        return groups.stream().allMatch(line -> line.left == 0 && line.refused == 0 && line.lost == 0);
    }

    /** A table of the groups, and the sum of it. */
    public List<String> lines() {
        Table table = new Table("GROUP", "MOVED", "DEAD LETTERS", "ALREADY THERE", "REFUSED", "LEFT", "LOST");
        long[] sums = new long[6];
        for (Line line : groups) {
            long[] figures = {line.moved, line.dead, line.alreadyThere, line.refused, line.left, line.lost};
            for (int i = 0; i < sums.length; i++) {
                sums[i] += figures[i];
            }
            table.row(line.group, line.moved, line.dead, line.alreadyThere, line.refused, line.left, line.lost);
        }
        List<String> lines = new ArrayList<>(table.lines());
        lines.add(String.format(
                "moved %d, dead %d, already there %d, refused %d, left %d, lost %d",
                sums[0], sums[1], sums[2], sums[3], sums[4], sums[5]));
        return lines;
    }
}
