package dev.slackline.mcp.access;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Finds out which conversation something is about. Thread-safe; never blocks the thread that calls it. */
public interface Conversations {

    /**
     * The conversation that an agent names.
     *
     * @param reference {@code #general}, {@code @ada}, an id, a mention or the address of a message
     * @param writes whether somebody wants to write to it; only then a direct conversation may be opened
     * @return fails with a {@link RefusedException} if there is none
     */
    CompletionStage<Conversation> find(String reference, boolean writes);

    /**
     * Where a file, canvas or list is shared.
     *
     * @param id {@code F…}
     * @return empty if it is shared nowhere; fails with a {@link RefusedException} if there is no such thing
     */
    CompletionStage<List<Conversation>> ofFile(String id);
}
