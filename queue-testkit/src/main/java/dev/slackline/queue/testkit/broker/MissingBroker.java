package dev.slackline.queue.testkit.broker;

import java.util.Arrays;
import java.util.Locale;
import org.opentest4j.TestAbortedException;

/** What becomes of a test whose broker is not installed: skipped by name, or failed where brokers are required. */
final class MissingBroker {

    private static final String REQUIRED = "slackline.brokers.required";

    private MissingBroker() {}

    /**
     * What a test throws that needs it.
     *
     * @param broker its name in {@code REQUIRE_BROKERS}: {@code rabbitmq}
     * @param remedy what to install
     */
    static RuntimeException because(String broker, String remedy) {
        String what = broker + " is not installed: " + remedy;
        return isRequired(broker) ? new IllegalStateException(what) : new TestAbortedException(what);
    }

    /** Whether {@code REQUIRE_BROKERS}, which the build passes on as a system property, names it or says {@code all}. */
    static boolean isRequired(String broker) {
        String required = System.getProperty(REQUIRED, "").toLowerCase(Locale.ROOT);
        return Arrays.stream(required.split(",", -1))
                .map(String::strip)
                .anyMatch(name -> name.equals("all") || name.equals(broker));
    }
}
