package dev.slackline.queue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/** What Slackline logs while a test looks. */
final class Logged extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.slackline");
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Consumer<String> onLine;

    Logged() {
        this(line -> {});
    }

    /** Calls back on the logging thread, before the line's author goes on. */
    Logged(Consumer<String> onLine) {
        this.onLine = onLine;
        start();
        logger.addAppender(this);
    }

    List<String> lines() {
        return lines;
    }

    @Override
    protected void append(ILoggingEvent event) {
        String line = event.getLevel() + " " + event.getFormattedMessage();
        lines.add(line);
        onLine.accept(line);
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        stop();
    }
}
