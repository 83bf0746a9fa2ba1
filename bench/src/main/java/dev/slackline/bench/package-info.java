/** Measurements: every figure is a ratio to a baseline taken in the same run, with a ledger. */
@NullMarked
package dev.slackline.bench;

import org.jspecify.annotations.NullMarked;
