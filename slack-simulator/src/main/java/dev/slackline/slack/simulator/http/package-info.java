/** The way over HTTP: each occurrence is a signed request. */
@NullMarked
package dev.slackline.slack.simulator.http;

import org.jspecify.annotations.NullMarked;
