package dev.slackline.mcp.access;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears of every call, after it has ended. Thread-safe; must not block. */
@FunctionalInterface
public interface Audit {

    /** How a call ended. */
    enum Outcome {
        /** It was done. */
        DONE,
        /** It is not allowed. */
        REFUSED,
        /** It could not be done, and the agent was told why. */
        FAILED,
        /** It broke. */
        BROKEN
    }

    /**
     * A call, without anything that was said in it.
     *
     * @param caller who called
     * @param what the name of the tool, or of the resource
     * @param channel the id of the channel it was about; empty if about none, or if it could not be found
     * @param outcome how it ended
     * @param took how long it took
     */
    record Call(String caller, String what, String channel, Outcome outcome, Duration took) {}

    /** Hears of a call. */
    void ended(Call call);

    /** One that writes a line for each call to the log {@code dev.slackline.mcp.audit}. */
    static Audit toLog() {
        Logger log = LoggerFactory.getLogger("dev.slackline.mcp.audit");
        return call -> log.info(
                "MCP call caller={} what={} channel={} outcome={} ms={}",
                call.caller(),
                call.what(),
                call.channel().isEmpty() ? "-" : call.channel(),
                call.outcome().name().toLowerCase(java.util.Locale.ROOT),
                call.took().toMillis());
    }
}
