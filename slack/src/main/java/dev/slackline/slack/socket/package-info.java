/**
 * Socket Mode: Slack's traffic over connections that are opened from here, for who has no public address. {@link
 * dev.slackline.slack.socket.SocketMode} keeps several of them open, stores what comes exactly as the intake over HTTP does,
 * and acknowledges what is durable.
 *
 * <p>One thread, the loop, decides about connections; envelopes are stored and acknowledged on the threads of the WebSockets
 * and of the queue. Nothing blocks either.
 */
@NullMarked
package dev.slackline.slack.socket;

import org.jspecify.annotations.NullMarked;
