/**
 * A worked example of a backend: every message is a file, and everything that happens to it is one rename. Slow, small and
 * complete; {@code docs/writing-a-backend.md} explains it.
 */
@NullMarked
package dev.slackline.example.folder;

import org.jspecify.annotations.NullMarked;
