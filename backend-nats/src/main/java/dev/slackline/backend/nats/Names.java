package dev.slackline.backend.nats;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What streams and subjects of a topic are called. A key keeps its dots, so that others can subscribe to {@code
 * slack_events.event.>}; what a subject cannot hold is encoded in each of its tokens, and {@code $} is among that: no key
 * meets a subject of ours.
 */
final class Names {

    static final String DEAD = "-dead";
    static final String STATE = "-state";

    private static final String ONLY = "$only";

    private final String stream;

    Names(String stream) {
        this.stream = stream;
    }

    /** What waits, and what is remembered. */
    String messages() {
        return stream;
    }

    /** What groups failed at for good. */
    String dead() {
        return stream + DEAD;
    }

    /** Which groups there are, and what the server cannot tell of a delivery. */
    String state() {
        return stream + STATE;
    }

    static String everythingOf(String stream) {
        return stream + ".>";
    }

    /** For every group. */
    String subject(String key) {
        return stream + "." + tokens(key);
    }

    /** For one group alone. */
    String subject(String group, String key) {
        return stream + "." + ONLY + "." + group + "." + tokens(key);
    }

    /** The group that it is for; null if it is for all. */
    @Nullable
    String onlyFor(String subject) {
        if (!subject.startsWith(ONLY, stream.length() + 1)) {
            return null;
        }
        String[] parts = subject.substring(stream.length() + 1).split("\\.", 3);
        return parts.length == 3 && parts[0].equals(ONLY) ? parts[1] : null;
    }

    /** The key; null if the subject does not come from here. */
    @Nullable
    String key(String subject) {
        String rest = subject.substring(Math.min(subject.length(), stream.length() + 1));
        if (onlyFor(subject) != null) {
            rest = rest.split("\\.", 3)[2];
        }
        List<String> decoded = new ArrayList<>();
        for (String token : rest.split("\\.", -1)) {
            String part = Percent.TOKEN.decode(token);
            if (part == null) {
                return null;
            }
            decoded.add(part);
        }
        return String.join(".", decoded);
    }

    /** The one dead letter of a message. */
    String dead(String group, String id) {
        return dead() + "." + group + "." + Percent.TOKEN.encode(id);
    }

    String allDead(String group) {
        return dead() + "." + group + ".*";
    }

    /** That the group is declared. */
    String declared(String group) {
        return state() + ".group." + group;
    }

    String allDeclared() {
        return state() + ".group.*";
    }

    /** Which attempt a message of the stream is at. */
    String attempt(String group, long sequence) {
        return state() + ".attempt." + group + "." + sequence;
    }

    String allAttempts(String group) {
        return state() + ".attempt." + group + ".*";
    }

    private static String tokens(String key) {
        if (key.indexOf('.') < 0) {
            return Percent.TOKEN.encode(key);
        }
        List<String> tokens = new ArrayList<>();
        for (String part : key.split("\\.", -1)) {
            tokens.add(Percent.TOKEN.encode(part));
        }
        return String.join(".", tokens);
    }
}
