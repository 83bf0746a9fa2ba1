package dev.slackline.queue.testkit;

/**
 * How large the load cases are: {@code ci} unless the system property {@code slackline.compliance.scale} says {@code
 * full}, or {@code small} for a backend that is slow by nature.
 */
final class Scale {

    private static final String NAME = System.getProperty("slackline.compliance.scale", "ci");

    private Scale() {}

    static String name() {
        return NAME;
    }

    static int of(int ci, int full) {
        return of(ci, ci, full);
    }

    static int of(int small, int ci, int full) {
        return switch (NAME) {
            case "small" -> small;
            case "ci" -> ci;
            case "full" -> full;
            default ->
                throw new IllegalStateException(
                        "slackline.compliance.scale is " + NAME + "; it can be small, ci or full");
        };
    }
}
