package dev.slackline.mcp;

import java.util.concurrent.CompletionStage;

/**
 * Something that an agent can read under a fixed address.
 *
 * @param uri {@code slack://channels}
 * @param name {@code channels}
 * @param title for people
 * @param description for the agent
 * @param mimeType of what comes back
 * @param reader reads it
 */
public record Resource(String uri, String name, String title, String description, String mimeType, Reader reader) {

    /** The same, read by something else. */
    public Resource with(Reader other) {
        return new Resource(uri, name, title, description, mimeType, other);
    }

    /** Reads what is behind an address; never blocks the thread that calls it. */
    @FunctionalInterface
    public interface Reader {

        /**
         * Reads it.
         *
         * @param uri the whole address
         * @return what it holds; fails with a {@link NoSuchResourceException} if there is nothing
         */
        CompletionStage<ResourceContents> read(String uri, Caller caller);
    }
}
