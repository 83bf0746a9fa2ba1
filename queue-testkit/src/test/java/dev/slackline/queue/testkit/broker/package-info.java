@NullMarked
package dev.slackline.queue.testkit.broker;

import org.jspecify.annotations.NullMarked;
