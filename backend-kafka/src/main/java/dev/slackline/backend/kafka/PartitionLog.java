package dev.slackline.backend.kafka;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one partition while it is owned here: what was read and is not settled, and what the owner before has
 * settled beyond its first gap. Guarded by the {@link Holdings} it is in.
 */
final class PartitionLog extends Origin {

    /** What is to be committed. */
    record Commit(PartitionLog log, long base, Progress.Written written, List<Waiting> waiting) {}

    final TopicPartition partition;
    final TreeMap<Long, Entry> unsettled = new TreeMap<>();
    private final Progress inherited;
    private final List<Waiting> waiting = new ArrayList<>();
    private long position;
    private long bytes;
    private boolean dirty;
    private boolean moved;
    private boolean crowded;
    private @Nullable Commit handedOver;
    boolean passedOn;

    PartitionLog(TopicPartition partition, long from, Progress inherited) {
        this.partition = partition;
        this.position = from;
        this.inherited = inherited;
    }

    /** The next offset is read. @return whether it still has to be handled */
    boolean advance(long offset) {
        if (offset < position) { // it was read twice
            return false;
        }
        position = offset + 1;
        moved = true;
        return !inherited.isSettled(offset);
    }

    long position() {
        return position;
    }

    /** Whether the owner before has told of it. */
    boolean isInherited(long offset) {
        return offset < inherited.covers();
    }

    Progress.Mark inherited(long offset) {
        return inherited.mark(offset);
    }

    void add(Entry entry) {
        unsettled.put(entry.offset, entry);
        bytes += entry.size();
    }

    @Override
    void settled(Entry entry) {
        unsettled.remove(entry.offset);
        bytes -= entry.size();
        dirty = true;
    }

    /** It is to be committed what has become of it. */
    void touch() {
        dirty = true;
    }

    @Override
    boolean changed(Entry entry) {
        dirty = true;
        return true;
    }

    @Override
    void await(Waiting one) {
        waiting.add(one);
    }

    boolean isDirty() {
        return dirty;
    }

    /** Whether only what needed no handling was passed over. */
    boolean hasMoved() {
        return moved;
    }

    /** Whether no more should be read for now. */
    boolean isFull(int mostEntries, long mostBytes) {
        return crowded || unsettled.size() >= mostEntries || bytes >= mostBytes;
    }

    /** What is to be committed now; those that wait for it go with it. */
    Commit commit(long nowMillis) {
        long base = unsettled.isEmpty() ? position : unsettled.firstKey();
        long covers = covers(nowMillis);
        TreeMap<Long, Progress.Mark> marks = new TreeMap<>(inherited.unsettled().tailMap(position, true));
        unsettled.headMap(covers, false).forEach((offset, entry) -> marks.put(offset, entry.mark(nowMillis)));
        Progress.Written written = new Progress(inherited.declaration(), base, covers, marks).write();
        crowded = written.progress().covers() < covers;
        List<Waiting> told = new ArrayList<>();
        for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
            Waiting one = all.next();
            if (!one.gone() || one.entry().offset < written.progress().covers()) {
                told.add(one);
                all.remove();
            }
        }
        dirty = crowded;
        moved = false;
        return new Commit(this, base, written, told);
    }

    /** Up to where there is something to tell: what follows is not settled, and nothing is known of it. */
    private long covers(long nowMillis) {
        if (inherited.covers() > position) {
            return inherited.covers();
        }
        long covers = position;
        for (Entry entry : unsettled.descendingMap().values()) {
            if (entry.offset != covers - 1 || !entry.mark(nowMillis).equals(Progress.Mark.NONE)) {
                break;
            }
            covers--;
        }
        return covers;
    }

    /** What is to be committed last, before another process has it. */
    Commit last(long nowMillis) {
        Commit last = commit(nowMillis);
        handedOver = last;
        return last;
    }

    /** It was not committed after all; if the last one tells of the same, those who wait go with that. */
    void failed(Commit commit) {
        Commit last = handedOver;
        if (last != null && !last.equals(commit)) {
            last.waiting().addAll(commit.waiting());
            return;
        }
        handedOver = null;
        waiting.addAll(commit.waiting());
        dirty = true;
    }

    /**
     * Everybody who waits: it is not ours any more.
     *
     * @param known whether its next owner knows what was done with it
     */
    List<Waiting> abandon(boolean known) {
        owned = false;
        passedOn = known;
        List<Waiting> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }
}
