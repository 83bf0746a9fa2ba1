/** Small, complete bots, one in each file. */
@NullMarked
package dev.slackline.examples;

import org.jspecify.annotations.NullMarked;
