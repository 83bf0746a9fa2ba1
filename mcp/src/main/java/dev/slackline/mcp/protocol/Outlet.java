package dev.slackline.mcp.protocol;

import java.util.concurrent.CompletionStage;

/**
 * Where the messages go that belong to one request: any number, then a last one. What comes after the last one, or after
 * the client has gone, is dropped. Thread-safe; never blocks.
 */
public interface Outlet {

    /** One more, with others to follow. */
    void send(Object message);

    /** The last one. */
    default void end(Object message) {
        end(200, message);
    }

    /**
     * The last one.
     *
     * @param status of HTTP, where there is one and nothing has been sent before
     */
    void end(int status, Object message);

    /** Says something beside the messages, in a header of HTTP where there is one and nothing has been sent before. */
    default void header(String name, String value) {}

    /** Nothing more comes; that it was taken is the whole answer if nothing was sent. */
    void end();

    /** Completes when nobody waits for an answer any more. */
    CompletionStage<Void> gone();
}
