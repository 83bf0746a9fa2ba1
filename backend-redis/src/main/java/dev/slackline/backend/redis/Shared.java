package dev.slackline.backend.redis;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** What the groups of one backend share: who it is at the server, and what it works with. Thread-safe. */
final class Shared {

    private final Link link;
    private final Watch watch;
    private final Groups groups;
    private final Threads threads;
    private final Failures failures;
    private final Time time;
    private final Keys keys;
    private final byte[] lease;
    private final String name = "slackline-" + ProcessHandle.current().pid() + "-"
            + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), Character.MAX_RADIX);
    private final AtomicLong made = new AtomicLong();

    Shared(
            Link link,
            Watch watch,
            Groups groups,
            Threads threads,
            Failures failures,
            Time time,
            Keys keys,
            Duration lease) {
        this.link = link;
        this.watch = watch;
        this.groups = groups;
        this.threads = threads;
        this.failures = failures;
        this.time = time;
        this.keys = keys;
        this.lease = Wire.utf8(Long.toString(lease.toMillis()));
    }

    Link link() {
        return link;
    }

    Watch watch() {
        return watch;
    }

    Groups groups() {
        return groups;
    }

    Threads threads() {
        return threads;
    }

    Failures failures() {
        return failures;
    }

    Time time() {
        return time;
    }

    Keys keys() {
        return keys;
    }

    /** In milliseconds. */
    byte[] lease() {
        return lease;
    }

    /** The name of this process in the consumer groups of the stream; no other has it. */
    byte[] consumer() {
        return Wire.utf8(name);
    }

    /** One that was never given out before, by anybody. */
    byte[] newToken() {
        return Wire.utf8(name.substring(name.lastIndexOf('-') + 1) + "."
                + Long.toString(made.incrementAndGet(), Character.MAX_RADIX));
    }
}
