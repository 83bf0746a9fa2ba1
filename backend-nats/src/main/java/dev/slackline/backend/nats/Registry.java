package dev.slackline.backend.nats;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which groups are declared, and from which message on. A consumer alone does not tell: one that is missing was dropped
 * by somebody, or lost by the server. Thread-safe; waits for the server.
 */
final class Registry {

    private final Names names;
    private final Failures failures;
    private final Runnable lost;
    private volatile boolean isAnyKnown;

    /**
     * Prepares it.
     *
     * @param lost run when the list is found to be gone; returns at once
     */
    Registry(Names names, Failures failures, Runnable lost) {
        this.names = names;
        this.failures = failures;
        this.lost = lost;
    }

    /** Whether there is a group at all, as far as this process has seen. */
    boolean isAnyKnown() {
        return isAnyKnown;
    }

    /** The names of the groups, sorted. */
    List<String> groups(Session session) {
        int prefix = names.declared("").length();
        Map<String, Long> declared = session.api().subjects(names.state(), names.allDeclared());
        if (declared == null) {
            lost.run();
            throw failures.connection(
                    "the stream " + names.state() + " is missing, and is being made again", true, null);
        }
        List<String> groups = declared.keySet().stream()
                .map(subject -> subject.substring(prefix))
                .toList();
        isAnyKnown = !groups.isEmpty();
        return groups;
    }

    /** The sequence that the group begins with; null if it is not declared. */
    @Nullable
    Long from(Session session, String group) {
        Found note = session.api().last(names.state(), names.declared(group));
        if (note == null) {
            return null;
        }
        try {
            return Long.parseLong(note.body().text());
        } catch (NumberFormatException e) {
            return 1L; // rather too much than too little
        }
    }

    /** Whether a group whose consumer is missing is to be made again. */
    boolean isLost(Session session, String group) {
        return from(session, group) != null || session.api().stream(names.state()) == null;
    }

    void add(Session session, String group, long from) {
        session.api().store(names.state(), names.declared(group), Long.toString(from));
        isAnyKnown = true;
    }

    void remove(Session session, String group) {
        session.api().purge(names.state(), "{\"filter\":\"" + names.declared(group) + "\"}");
        isAnyKnown = !groups(session).isEmpty();
    }
}
