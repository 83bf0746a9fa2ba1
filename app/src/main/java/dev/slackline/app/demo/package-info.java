/** The demonstration: a simulated Slack against the real server, with a ledger. */
@NullMarked
package dev.slackline.app.demo;

import org.jspecify.annotations.NullMarked;
