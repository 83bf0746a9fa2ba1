package dev.slackline.queue.testkit;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** What this process holds of the system's. */
record Resources(int threads, long files) {

    private static final int SLACK = 10;

    static Resources now() {
        long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
        return new Resources(ManagementFactory.getThreadMXBean().getThreadCount(), files);
    }

    boolean isAbout(Resources before) {
        return threads <= before.threads + SLACK && files <= before.files + SLACK;
    }
}
