package dev.slackline.app.demo;

import dev.slackline.slack.simulator.SlackSimulator;
import dev.slackline.slack.simulator.delivery.Occurrence;
import dev.slackline.slack.simulator.http.SignedRequests;
import dev.slackline.slack.simulator.socket.DisconnectReason;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Mentions on their way through both intakes, with everything that may befall them. Used once. */
final class Traffic {

    private static final int SENT_AT_ONCE = 32;
    private static final int EVERY_DUPLICATE = 5;
    private static final int EVERY_FORGERY = 25;

    private final SlackSimulator slack;
    private final Crowd crowd;
    private final Ledger ledger;
    private final Outage outage;
    private final Consumer<String> out;

    Traffic(SlackSimulator slack, Crowd crowd, Ledger ledger, Outage outage, Consumer<String> out) {
        this.slack = slack;
        this.crowd = crowd;
        this.ledger = ledger;
        this.outage = outage;
        this.out = out;
    }

    /** Sends so many events, and returns when Slack has nothing more to send. */
    void send(URI address, int events) throws InterruptedException {
        SignedRequests requests = slack.deliverTo(address);
        BothIntakes intakes = new BothIntakes(requests, slack.socketMode(), ledger);
        slack.deliveries().use(intakes);
        Forger forger = new Forger(address, ledger);
        List<CompletableFuture<?>> sending = new ArrayList<>();
        Semaphore room = new Semaphore(SENT_AT_ONCE);
        for (int i = 0; i < events; i++) {
            trouble(i, events);
            room.acquire();
            CompletableFuture<?> sent = follow(intakes, crowd.mention(), i % EVERY_DUPLICATE == 0);
            if (i % EVERY_FORGERY == 0) {
                sent = sent.thenCompose(taken -> forger.forge());
            }
            sending.add(sent.whenComplete((done, error) -> room.release()));
        }
        CompletableFuture.allOf(sending.toArray(CompletableFuture<?>[]::new)).join();
        tell(events, intakes, forger);
    }

    private void tell(int events, BothIntakes intakes, Forger forger) {
        int duplicates = (events + EVERY_DUPLICATE - 1) / EVERY_DUPLICATE;
        out.accept("People mentioned the bot " + events + " times, and Slack sent " + duplicates
                + " of these a second time. Somebody else sent " + forger.sent()
                + " forgeries, which were answered 401.");
        out.accept("Meanwhile the queue was taken away, and refused " + outage.refused()
                + " of them; and Slack asked both sockets to leave, and cut one off: "
                + slack.socketMode().connectionsEver() + " were opened in all.");
        out.accept("So Slack was answered 503 over HTTP " + intakes.refused()
                + " times, got no acknowledgement over Socket Mode " + intakes.unacknowledged()
                + " times, and sent those again: " + intakes.retries() + " retries.");
    }

    private void trouble(int number, int events) {
        if (number == events / 3) {
            outage.refuse(Math.max(1, events / 10));
        }
        if (number == events / 2) {
            slack.socketMode().faults().disconnect(DisconnectReason.WARNING);
        }
        if (number == events * 3 / 4) {
            slack.socketMode().faults().resetOldest();
        }
    }

    private static CompletableFuture<?> follow(BothIntakes intakes, Occurrence event, boolean twice) {
        return twice ? event.outcome().thenCompose(taken -> intakes.sendAgain(event)) : event.outcome();
    }
}
