package dev.slackline.queue.testkit.broker;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A JVM that owns a process, says so, and waits to be killed. */
final class OwnerMain {

    private OwnerMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        OwnedProcess owned = OwnedProcess.start(Map.of(), Path.of(arguments[0], "owned.log"), List.of("sleep", "600"));
        System.out.println("OWNED " + owned.group());
        Thread.currentThread().join();
    }
}
