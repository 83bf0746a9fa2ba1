package dev.slackline.queue.testkit;

/** How large the load cases are: {@code ci} unless the system property {@code slackline.compliance.scale} says full. */
final class Scale {

    private static final boolean FULL = "full".equals(System.getProperty("slackline.compliance.scale"));

    private Scale() {}

    static String name() {
        return FULL ? "full" : "ci";
    }

    static int of(int ci, int full) {
        return FULL ? full : ci;
    }
}
