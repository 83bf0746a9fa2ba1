package dev.slackline.slack.simulator.web;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A method of the Web API.
 *
 * @param perMinute how often a workspace may call it
 * @param scope what the token needs; null for nothing
 * @param work what it does and answers; a {@link SlackError} is answered as such
 */
record Method(int perMinute, @Nullable String scope, Function<Call, ObjectNode> work) {

    static final int TIER_1 = 1;
    static final int TIER_2 = 20;
    static final int TIER_3 = 50;
    static final int TIER_4 = 100;
    /** Those that have a limit of their own, or a very high one. */
    static final int SPECIAL = 600;
}
