package dev.slackline.app.wiring;

import dev.slackline.queue.config.Setting;
import java.util.List;

/** The settings of the process itself. */
public final class AppSettings {

    /** How much is logged. */
    enum LogLevel {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    /** What a line of the log looks like. */
    enum LogFormat {
        TEXT,
        JSON
    }

    static final Setting<LogLevel> LOG_LEVEL = Setting.choice(
            "LOG_LEVEL", LogLevel.class, LogLevel.INFO, "How much Slackline logs, on stderr; libraries log warnings.");

    static final Setting<LogFormat> LOG_FORMAT = Setting.choice(
            "LOG_FORMAT", LogFormat.class, LogFormat.TEXT, "Log lines for people, or one JSON object a line.");

    static final Setting<String> CLASSPATH = Setting.text(
            "SLACKLINE_CLASSPATH",
            "",
            "Further jars for the class path, such as a backend of your own. From the environment alone.");

    static final Setting<String> JAVA_OPTS = Setting.text(
            "SLACKLINE_JAVA_OPTS", "", "Further options for the JVM, such as -Xmx512m. From the environment alone.");

    /** Those that the launcher reads, before there is a JVM; declared here so that they are shown and known. */
    static final List<Setting<String>> OF_LAUNCHER = List.of(CLASSPATH, JAVA_OPTS);

    static final List<Setting<?>> ALL = List.of(LOG_LEVEL, LOG_FORMAT, CLASSPATH, JAVA_OPTS);

    private AppSettings() {}
}
