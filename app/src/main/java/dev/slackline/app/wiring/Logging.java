package dev.slackline.app.wiring;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.slackline.app.wiring.AppSettings.LogFormat;
import dev.slackline.app.wiring.AppSettings.LogLevel;
import dev.slackline.queue.config.Settings;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Configures the log in code, which takes a fraction of the time that a file would. Logback finds this class as a
 * service before anything is logged; {@link #configure} follows once the settings are known.
 */
public final class Logging extends ContextAwareBase implements Configurator {

    private static final String OURS = "dev.slackline";
    /** They warn of every try to reach a server that is away, which the backends say once; or of what clients send, whole. */
    private static final List<String> CLIENT_LIBRARIES =
            List.of("org.apache.kafka", "com.zaxxer.hikari", "io.lettuce", "io.modelcontextprotocol");

    /** For the service loader. */
    public Logging() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        apply(context, LogLevel.INFO, new TextLogLayout());
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Applies {@code LOG_LEVEL} and {@code LOG_FORMAT}. */
    static void configure(Settings settings) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.reset();
            boolean json = settings.get(AppSettings.LOG_FORMAT) == LogFormat.JSON;
            apply(context, settings.get(AppSettings.LOG_LEVEL), json ? new JsonLogLayout() : new TextLogLayout());
        }
    }

    /** Nothing is logged from here on: a process that ends at once says nothing of what it tears down. */
    public static void silence() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLoggerList().forEach(logger -> logger.setLevel(Level.OFF));
        }
    }

    private static void apply(LoggerContext context, LogLevel level, Layout<ILoggingEvent> layout) {
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        encoder.start();
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setOutputStream(new UnclosedStderr());
        appender.start();
        Level ours = Level.toLevel(level.name());
        ch.qos.logback.classic.Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(level == LogLevel.ERROR ? Level.ERROR : Level.WARN); // libraries log payloads below that
        root.addAppender(appender);
        context.getLogger(OURS).setLevel(ours);
        CLIENT_LIBRARIES.forEach(library -> context.getLogger(library).setLevel(Level.ERROR));
    }

    /** Stderr belongs to the process: configuring anew must not close it. */
    private static final class UnclosedStderr extends FileOutputStream {
        UnclosedStderr() {
            super(FileDescriptor.err);
        }

        @Override
        public void close() {}
    }
}
