/** Private brokers for tests of the command line. {@link dev.slackline.app.brokers.TestBroker} has them. */
@NullMarked
package dev.slackline.app.brokers;

import org.jspecify.annotations.NullMarked;
