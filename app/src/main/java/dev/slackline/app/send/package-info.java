/** {@code slackline send}: a post through the outbox, and what has become of it. */
@NullMarked
package dev.slackline.app.send;

import org.jspecify.annotations.NullMarked;
