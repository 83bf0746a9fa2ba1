package dev.slackline.queue.testkit;

import java.lang.management.ManagementFactory;

/** How much of the heap is in use after a collection. */
final class HeapGauge {

    private HeapGauge() {}

    static long used() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
