@NullMarked
package dev.slackline.examples;

import org.jspecify.annotations.NullMarked;
