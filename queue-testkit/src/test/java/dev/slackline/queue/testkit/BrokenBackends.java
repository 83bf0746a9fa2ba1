package dev.slackline.queue.testkit;

import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Group;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** The memory backend, broken on purpose in one way each (rule R5). */
final class BrokenBackends {

    private BrokenBackends() {}

    /** Takes a message for done as soon as it is handed out. */
    static QueueBackend acksOnDelivery(QueueBackend backend) {
        return mapping(backend, delivery -> {
            delivery.ack();
            return new ForwardingDelivery(delivery) {
                @Override
                public CompletionStage<Settlement> ack() {
                    return CompletableFuture.completedStage(Settlement.SETTLED);
                }
            };
        });
    }

    /** Says that a message is stored when it was refused. */
    static QueueBackend swallowsFailures(QueueBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            public CompletionStage<Void> publish(Message message) {
                return super.publish(message).exceptionally(refused -> null);
            }
        };
    }

    /** Hands out every delivery as the first. */
    static QueueBackend losesTheAttempt(QueueBackend backend) {
        return mapping(backend, delivery -> new ForwardingDelivery(delivery) {
            @Override
            public int attempt() {
                return 1;
            }
        });
    }

    /** Settles with one delivery everything that was handed out before it. */
    static QueueBackend acksAWholeBatch(QueueBackend backend) {
        List<Delivery> unsettled = new ArrayList<>();
        return mapping(backend, delivery -> {
            synchronized (unsettled) {
                unsettled.add(delivery);
            }
            return new ForwardingDelivery(delivery) {
                @Override
                public CompletionStage<Settlement> ack() {
                    synchronized (unsettled) {
                        int end = unsettled.indexOf(delivery) + 1;
                        unsettled.subList(0, Math.max(0, end - 1)).forEach(Delivery::ack);
                        unsettled.subList(0, end).clear();
                    }
                    return super.ack();
                }
            };
        });
    }

    /** Lets a settlement take effect on whoever has the message now. */
    static QueueBackend doesNotFence(QueueBackend backend) {
        Map<String, Delivery> latest = new ConcurrentHashMap<>();
        return mapping(backend, delivery -> {
            latest.put(delivery.message().id(), delivery);
            return new ForwardingDelivery(delivery) {
                @Override
                public CompletionStage<Settlement> ack() {
                    return latest.getOrDefault(message().id(), delivery).ack();
                }
            };
        });
    }

    /** Counts a delivery that was given back as a failure. */
    static QueueBackend burnsAnAttemptOnRelease(QueueBackend backend) {
        return mapping(backend, delivery -> new ForwardingDelivery(delivery) {
            @Override
            public CompletionStage<Settlement> release() {
                return super.retry(Duration.ZERO, "released");
            }
        });
    }

    /** Forgets which messages share an ordering key. */
    static QueueBackend breaksOrder(QueueBackend backend) {
        Map<String, Message> published = new ConcurrentHashMap<>();
        QueueBackend forgetful = new ForwardingBackend(backend) {
            @Override
            public CompletionStage<Void> publish(Message message) {
                published.put(message.id(), message);
                return super.publish(message.withOrderingKey(null));
            }
        };
        return mapping(forgetful, delivery -> new ForwardingDelivery(delivery) {
            @Override
            public Message message() {
                return published.getOrDefault(super.message().id(), super.message());
            }
        });
    }

    /** Hands out everything there is, whatever was asked for. */
    static QueueBackend ignoresDemand(QueueBackend backend) {
        return subscribing(
                backend,
                (deliveries, subscriber) -> deliveries.subscribe(new Relay(subscriber) {
                    @Override
                    void requested(Flow.Subscription upstream, long n) {
                        upstream.request(n > 0 ? Long.MAX_VALUE : n);
                    }
                }));
    }

    /** Fetches ahead, and takes what it fetched with it when its subscriber leaves. */
    static QueueBackend dropsOnClose(QueueBackend backend) {
        return subscribing(
                backend,
                (deliveries, subscriber) -> deliveries.subscribe(new Relay(subscriber) {
                    private static final int AHEAD = 16;
                    private final Queue<Delivery> fetched = new ConcurrentLinkedQueue<>();
                    private final AtomicLong demand = new AtomicLong();
                    private final AtomicBoolean ahead = new AtomicBoolean();
                    private final AtomicInteger signals = new AtomicInteger();

                    @Override
                    void requested(Flow.Subscription upstream, long n) {
                        demand.addAndGet(n);
                        boolean first = n > 0 && n < Integer.MAX_VALUE && !ahead.getAndSet(true);
                        upstream.request(first ? n + AHEAD : n);
                        handOut();
                    }

                    @Override
                    void cancelled(Flow.Subscription upstream) {
                        upstream.cancel();
                        fetched.forEach(Delivery::ack);
                    }

                    @Override
                    public void onNext(Delivery delivery) {
                        fetched.add(delivery);
                        handOut();
                    }

                    private void handOut() {
                        if (signals.getAndIncrement() > 0) {
                            return;
                        }
                        do {
                            while (demand.get() > 0 && !fetched.isEmpty()) {
                                demand.decrementAndGet();
                                super.onNext(fetched.remove());
                            }
                        } while (signals.decrementAndGet() > 0);
                    }
                }));
    }

    /** Takes over for every group what one of them has to get. */
    static QueueBackend restoresForEverybody(QueueBackend backend) {
        return new ForwardingBackend(backend) {
            @Override
            public Group group(String name) {
                Group group = super.group(name);
                return new ForwardingGroup(group) {
                    @Override
                    public CompletionStage<Boolean> restore(Message message, int attempt, List<Death> deaths) {
                        return publish(message).thenApply(stored -> true);
                    }
                };
            }
        };
    }

    private static QueueBackend mapping(QueueBackend backend, UnaryOperator<Delivery> mapping) {
        return new ForwardingBackend(backend) {
            @Override
            public Flow.Publisher<Delivery> consume(String group) {
                return new MappedDeliveries(super.consume(group), mapping);
            }
        };
    }

    /** How a subscriber is put behind something that stands in the way. */
    private interface Subscribing {
        void subscribe(Flow.Publisher<Delivery> deliveries, Flow.Subscriber<? super Delivery> subscriber);
    }

    private static QueueBackend subscribing(QueueBackend backend, Subscribing subscribing) {
        return new ForwardingBackend(backend) {
            @Override
            public Flow.Publisher<Delivery> consume(String group) {
                Flow.Publisher<Delivery> deliveries = super.consume(group);
                return subscriber -> subscribing.subscribe(deliveries, subscriber);
            }
        };
    }
}
