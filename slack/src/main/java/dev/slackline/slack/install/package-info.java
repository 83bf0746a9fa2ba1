/**
 * The workspaces that an app is installed to: their tokens at rest, kept fresh, forgotten when Slack says so, and the flow in a
 * browser by which a workspace gets there.
 */
@NullMarked
package dev.slackline.slack.install;

import org.jspecify.annotations.NullMarked;
