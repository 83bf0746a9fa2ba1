package dev.slackline.queue.testkit;

import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Group;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Passes everything on, and writes into the ledger what went through. */
final class RecordingBackend extends ForwardingBackend {

    private final Ledger ledger;
    private volatile boolean closed;

    RecordingBackend(QueueBackend backend, Ledger ledger) {
        super(backend);
        this.ledger = ledger;
    }

    @Override
    public CompletionStage<Void> publish(Message message) {
        ledger.publishing(message.id());
        return super.publish(message).thenRun(() -> ledger.confirmed(message.id()));
    }

    @Override
    public Flow.Publisher<Delivery> consume(String group) {
        return new MappedDeliveries(super.consume(group), delivery -> {
            Delivery recorded = new RecordedDelivery(group, delivery);
            ledger.delivered(group, recorded);
            return recorded;
        });
    }

    @Override
    public Group group(String name) {
        return new RecordedGroup(name, super.group(name));
    }

    @Override
    public void close() {
        closed = true;
        super.close();
    }

    boolean isClosed() {
        return closed;
    }

    private final class RecordedGroup extends ForwardingGroup {

        private final String name;

        RecordedGroup(String name, Group group) {
            super(group);
            this.name = name;
        }

        @Override
        public CompletionStage<Void> declare() {
            return super.declare().thenRun(() -> ledger.declared(name));
        }

        @Override
        public CompletionStage<Void> drop() {
            ledger.dropped(name);
            return super.drop();
        }

        @Override
        public CompletionStage<Boolean> restore(Message message, int attempt, List<Death> deaths) {
            return super.restore(message, attempt, deaths).thenApply(stored -> {
                ledger.restored(name, message.id());
                return stored;
            });
        }
    }

    private final class RecordedDelivery extends ForwardingDelivery {

        private final String group;

        RecordedDelivery(String group, Delivery delivery) {
            super(delivery);
            this.group = group;
        }

        @Override
        public CompletionStage<Settlement> ack() {
            return record(Ledger.Outcome.ACK, super.ack()).whenComplete((settlement, error) -> {
                if (error != null) {
                    ledger.acknowledgementFailed(group, message().id());
                }
            });
        }

        @Override
        public CompletionStage<Settlement> retry(Duration delay, String reason) {
            return record(Ledger.Outcome.RETRY, super.retry(delay, reason));
        }

        @Override
        public CompletionStage<Settlement> deadLetter(String reason) {
            return record(Ledger.Outcome.DEAD_LETTER, super.deadLetter(reason));
        }

        @Override
        public CompletionStage<Settlement> release() {
            ledger.mayRepeat(group, message().id()); // it may be with somebody else before this completes
            return record(Ledger.Outcome.RELEASE, super.release());
        }

        private CompletionStage<Settlement> record(Ledger.Outcome outcome, CompletionStage<Settlement> settled) {
            return settled.thenApply(settlement -> {
                ledger.settled(group, this, outcome, settlement);
                return settlement;
            });
        }
    }
}
