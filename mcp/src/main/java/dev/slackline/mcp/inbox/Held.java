package dev.slackline.mcp.inbox;

import dev.slackline.queue.Delivery;
import dev.slackline.slack.event.SlackEvent;

/**
 * A delivery that the queue has lent us.
 *
 * @param delivery what to settle
 * @param event what it is about
 * @param since when we got it, by {@link System#nanoTime()}
 */
record Held(Delivery delivery, SlackEvent event, long since) {

    static Held now(Delivery delivery) {
        return new Held(delivery, SlackEvent.of(delivery.message()), System.nanoTime());
    }
}
