package dev.slackline.backend.sqlite;

/** A declared group within one transaction. */
final class GroupRow {

    final long id;
    final String name;
    final long denseFrom;
    private long cursor;
    private boolean moved;

    GroupRow(long id, String name, long cursor, long denseFrom) {
        this.id = id;
        this.name = name;
        this.cursor = cursor;
        this.denseFrom = denseFrom;
    }

    /** The number of the first message that the group has not come to. */
    long cursor() {
        return cursor;
    }

    void moveTo(long next) {
        cursor = next;
        moved = true;
    }

    boolean moved() {
        return moved;
    }
}
