package dev.slackline.app.consume;

import dev.slackline.app.process.Terminal;
import dev.slackline.queue.Delivery;
import java.io.IOException;

/**
 * Writes each delivery as a line on stdout. When stdout is closed it gives the delivery back and says so once, because a
 * reader such as {@code head} that has had enough is no failure.
 */
public final class LineHandler implements Consuming.Handler {

    private final Terminal terminal;
    private final Runnable stdoutClosed;

    /**
     * Takes where to write.
     *
     * @param stdoutClosed called when nobody reads any more
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
            delivery.release();
            stdoutClosed.run();
        }
    }
}
