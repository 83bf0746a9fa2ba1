/** Tests of the NATS backend. */
@NullMarked
package dev.slackline.backend.nats;

import org.jspecify.annotations.NullMarked;
