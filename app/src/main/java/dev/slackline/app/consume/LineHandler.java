package dev.slackline.app.consume;

import dev.slackline.app.process.ReaderGoneException;
import dev.slackline.app.process.Terminal;
import dev.slackline.queue.Delivery;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes each delivery as a line on stdout. When that fails it gives the delivery back and says so. A reader such as
 * {@code head} that has had enough is no failure; a disk that is full is one.
 */
public final class LineHandler implements Consuming.Handler {

    private final Terminal terminal;
    private final Runnable stdoutClosed;
    private volatile @Nullable IOException failure;

    /**
     * Takes where to write.
     *
     * @param stdoutClosed called when nothing can be written any more
     */
    public LineHandler(Terminal terminal, Runnable stdoutClosed) {
        this.terminal = terminal;
        this.stdoutClosed = stdoutClosed;
    }

    @Override
    public void handle(Delivery delivery) {
        try {
            terminal.write(DeliveryLine.of(delivery));
        } catch (IOException e) {
            if (!ReaderGoneException.isReason(e)) {
                failure = e;
            }
            delivery.release();
            stdoutClosed.run();
        }
    }

    /** Why nothing can be written any more; null unless that is a failure. */
    public @Nullable IOException failure() {
        return failure;
    }
}
