/**
 * Settings that are declared once and read from named values: parsing, one error for everything wrong, redaction and
 * documentation all come from the declaration. Nothing here reads the process environment.
 */
@NullMarked
package dev.slackline.queue.config;

import org.jspecify.annotations.NullMarked;
