/**
 * Slack's traffic over HTTP: {@link dev.slackline.slack.SlackIntake} checks that a request is Slack's, stores it and
 * answers; {@link dev.slackline.slack.HttpServer} is the bounded server it stands in.
 *
 * <p>Nothing is answered 2xx before the queue has it durably. No thread waits for a request, and none of the request's
 * content is trusted before its signature was checked.
 */
@NullMarked
package dev.slackline.slack;

import org.jspecify.annotations.NullMarked;
