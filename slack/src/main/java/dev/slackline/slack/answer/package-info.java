/**
 * The synchronous lane: what a handler wants to say in the acknowledgement itself, although the work goes through the
 * queue. Intakes of every kind use {@link dev.slackline.slack.answer.Answers}; handlers of any process answer to a
 * {@link dev.slackline.slack.answer.AnswerDesk}.
 */
@NullMarked
package dev.slackline.slack.answer;

import org.jspecify.annotations.NullMarked;
