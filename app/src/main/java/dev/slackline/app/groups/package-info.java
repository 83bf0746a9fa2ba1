/** What the declared groups hold, and which of them nobody consumes. */
@NullMarked
package dev.slackline.app.groups;

import org.jspecify.annotations.NullMarked;
