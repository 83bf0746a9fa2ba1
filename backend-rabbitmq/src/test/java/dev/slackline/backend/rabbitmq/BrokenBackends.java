package dev.slackline.backend.rabbitmq;

import dev.slackline.queue.DeadLetters;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Group;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.Status;
import dev.slackline.queue.testkit.ForwardingBackend;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/** The backend, broken on purpose in one way each, so that only a failing broker shows it (rule R5). */
final class BrokenBackends {

    private BrokenBackends() {}

    /** Says that a message is stored when it could not be. */
    static QueueBackend swallowsFailures(QueueBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            public CompletionStage<Void> publish(Message message) {
                return super.publish(message).exceptionally(lost -> null);
            }
        };
    }

    /** Says that a message is stored as soon as it is sent. */
    static QueueBackend confirmsWhatIsSent(QueueBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            public CompletionStage<Void> publish(Message message) {
                super.publish(message);
                return CompletableFuture.completedStage(null);
            }
        };
    }

    /** Takes a broker that is not there for one that never will be. */
    static QueueBackend givesUpForGood(QueueBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            public CompletionStage<List<String>> groups() {
                return forGood(super.groups());
            }

            @Override
            public Group group(String name) {
                Group group = super.group(name);
                return new Group() {
                    @Override
                    public CompletionStage<Void> declare() {
                        return forGood(group.declare());
                    }

                    @Override
                    public CompletionStage<Void> drop() {
                        return group.drop();
                    }

                    @Override
                    public CompletionStage<GroupStats> stats() {
                        return group.stats();
                    }

                    @Override
                    public DeadLetters deadLetters() {
                        return group.deadLetters();
                    }
                };
            }
        };
    }

    private static <T> CompletionStage<T> forGood(CompletionStage<T> stage) {
        return stage.exceptionallyCompose(cause -> CompletableFuture.failedStage(
                new QueueConnectionException("the broker is not there", "rabbitmq", "test", false, cause)));
    }

    /** Makes the connection again and forgets that somebody consumed: all looks well, and nothing comes. */
    static QueueBackend doesNotSubscribeAgain(QueueBackend backend) {
        return silent(backend);
    }

    /** Is well as long as nobody tells it otherwise. */
    static QueueBackend neverNoticesSilence(QueueBackend backend) {
        return new ForwardingBackend(silent(backend)) {
            @Override
            public Status status() {
                return Status.up("connected, as far as we know");
            }
        };
    }

    /** Sends again what is not confirmed at once. */
    static QueueBackend sendsAgainWhenSlow(QueueBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            public CompletionStage<Void> publish(Message message) {
                CompletableFuture<Void> stored =
                        super.publish(message).toCompletableFuture().copy();
                CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS).execute(() -> {
                    if (!stored.isDone()) {
                        super.publish(message);
                    }
                });
                return stored;
            }
        };
    }

    /** Keeps the end of a stream to itself. */
    private static QueueBackend silent(QueueBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            public Flow.Publisher<Delivery> consume(String group) {
                Flow.Publisher<Delivery> deliveries = super.consume(group);
                return subscriber -> deliveries.subscribe(new Flow.Subscriber<>() {
                    @Override
                    public void onSubscribe(Flow.Subscription subscription) {
                        subscriber.onSubscribe(subscription);
                    }

                    @Override
                    public void onNext(Delivery delivery) {
                        subscriber.onNext(delivery);
                    }

                    @Override
                    public void onError(Throwable cause) {}

                    @Override
                    public void onComplete() {}
                });
            }
        };
    }
}
