/**
 * Real brokers as private processes: found where their packages put them, on free ports of 127.0.0.1, with their data in a
 * folder of the test, killed with the JVM that started them. A broker of the system is never touched.
 */
@NullMarked
package dev.slackline.queue.testkit.broker;

import org.jspecify.annotations.NullMarked;
