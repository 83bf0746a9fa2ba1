package dev.slackline.mcp;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Fails the stage of a tool or a prompt that cannot go on before the client has answered. The same request then comes
 * again, with {@link Peer#answers()} and {@link Peer#state()}; nothing is kept in between. A client that cannot answer
 * is told which capability it lacks.
 */
public final class InputNeededException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Map<String, Question> questions;
    private final String state;

    /**
     * Asks.
     *
     * @param questions by the ids that their answers come back under
     * @param state comes back unchanged with the answers; empty for none. The client can read it
     */
    public InputNeededException(Map<String, Question> questions, String state) {
        super("the client is asked for " + Set.copyOf(questions.keySet()), null, false, false);
        this.questions = new TreeMap<>(questions);
        this.state = state;
    }

    /** The questions by their ids. */
    public Map<String, Question> questions() {
        return questions;
    }

    /** What comes back with the answers. */
    public String state() {
        return state;
    }
}
