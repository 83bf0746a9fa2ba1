@NullMarked
package dev.slackline.backend.kafka;

import org.jspecify.annotations.NullMarked;
