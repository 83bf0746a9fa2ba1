package dev.slackline.slack.simulator.socket;

import java.time.Instant;
import tools.jackson.databind.JsonNode;

/**
 * What the app sent over a connection.
 *
 * @param connection the number of the connection
 * @param envelopeId which envelope it means
 * @param payload what came with it, missing if nothing
 * @param known whether it is the first for an envelope that waited for it, on the connection that brought it
 * @param at when it came
 */
public record Acknowledgement(int connection, String envelopeId, JsonNode payload, boolean known, Instant at) {}
