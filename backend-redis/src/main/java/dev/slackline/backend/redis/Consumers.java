package dev.slackline.backend.redis;

import dev.slackline.queue.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this process does for one group: lends to its members, settles what they hold, and sees to what comes due. */
final class Consumers {

    /** For so long a member counts after its last sign of life, of which it gives several in that time. */
    static final Duration PRESENT = Duration.ofSeconds(15);

    private static final Logger log = LoggerFactory.getLogger(Consumers.class);
    /** As {@code fetch.lua} answers an entry that {@code publish.lua} has added. */
    private static final int PARTS = 7;

    private static final byte[] LOOKED_AT = Wire.utf8("2000");
    private static final byte[] BYTES_AT_ONCE = Wire.utf8(Integer.toString(4 << 20));
    private static final byte[] SILENCE =
            Wire.utf8(Long.toString(Duration.ofHours(1).toMillis()));

    private final String group;
    private final Shared shared;
    private final List<byte[]> keys;
    private final Settlements settlements;
    private final Set<RedisMember> members = ConcurrentHashMap.newKeySet();
    /** Under which something may have been lent that never came. */
    private final Queue<byte[]> lostTokens = new ConcurrentLinkedQueue<>();

    private final AtomicInteger fetches = new AtomicInteger();
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private volatile Due due = Due.NEVER;

    /** When the next lease or delay ends: by the clock, and in case that is put back also by the machine's. */
    private record Due(long millis, long nanos) {

        static final Due NEVER = new Due(Long.MAX_VALUE, Long.MAX_VALUE);

        static Due in(long millis, Instant now) {
            return millis < 0
                    ? NEVER
                    : new Due(
                            now.toEpochMilli() + millis,
                            System.nanoTime() + Duration.ofMillis(millis).toNanos());
        }

        boolean isOver(Instant now) {
            return millis != Long.MAX_VALUE && (now.toEpochMilli() >= millis || System.nanoTime() - nanos >= 0);
        }
    }

    Consumers(String group, Shared shared) {
        this.group = group;
        this.shared = shared;
        this.keys = shared.keys().group(group);
        this.settlements = new Settlements(group, shared, () -> fetches.get() > 0, this::settled);
    }

    Instant now() {
        return shared.time().clock().instant();
    }

    void join(RedisMember member) {
        members.add(member);
        beat("1", List.of(member)).thenAccept(declared -> {
            if (declared.number(0) == 0) {
                member.wake(); // asks, and hears why not
                shared.groups().missed(group, shared.groups().epoch()).whenComplete((known, error) -> {
                    if (error != null) {
                        member.fail(Failures.unwrapped(error));
                    }
                });
            }
        });
    }

    void leave(RedisMember member) {
        members.remove(member);
        beat("0", List.of(member));
        wake(); // another member may have slept through what this one was woken for
    }

    boolean hasMembers() {
        return !members.isEmpty();
    }

    void wake() {
        members.forEach(RedisMember::wake);
    }

    void end(Throwable why) {
        members.forEach(member -> member.fail(why));
    }

    /** Says that the members are there. */
    void beat() {
        if (hasMembers()) {
            beat("1", members);
        }
    }

    private CompletableFuture<Answer> beat(String present, Iterable<RedisMember> who) {
        List<byte[]> arguments = arguments(Wire.utf8(present));
        who.forEach(member -> arguments.add(member.name()));
        return shared.link().run(Script.BEAT, keys, arguments);
    }

    /** Trims the stream, and forgets consumers that are gone; this process too, if it leaves. */
    CompletableFuture<Answer> tidy(boolean leaving) {
        byte[] us = leaving ? shared.consumer() : new byte[0];
        return shared.link().run(Script.TIDY, keys, arguments(us, SILENCE));
    }

    // ---- lending

    CompletionStage<List<Delivery>> fetch(RedisMember member, int max) {
        settlements.hurry();
        fetches.incrementAndGet();
        byte[] token = shared.newToken();
        List<byte[]> arguments = arguments(
                shared.consumer(), token, Wire.utf8(Integer.toString(max)), shared.lease(), LOOKED_AT, BYTES_AT_ONCE);
        return shared.link()
                .run(Script.FETCH, keys, arguments)
                .handleAsync(
                        (answer, error) -> {
                            fetches.decrementAndGet();
                            if (error == null) {
                                return fetched(member, max, token, answer);
                            }
                            lostTokens.add(token);
                            return CompletableFuture.<List<Delivery>>failedFuture(
                                    shared.failures().asked("fetching for group " + group, error));
                        },
                        shared.threads())
                .thenCompose(deliveries -> deliveries);
    }

    /** Completes after a moment. */
    CompletableFuture<Void> moment() {
        CompletableFuture<Void> moment = new CompletableFuture<>();
        shared.threads().later(Settlements.MOMENT, () -> moment.complete(null));
        return moment;
    }

    private CompletableFuture<List<Delivery>> fetched(RedisMember member, int max, byte[] token, Answer answer) {
        if (!answer.text(0).equals("ok")) {
            return shared.groups().missed(group, answer.text(1)).thenApply(known -> {
                member.wake();
                return List.of();
            });
        }
        dueIn(answer.number(2));
        warn(answer.number(5), answer.number(6), answer.number(7));
        shared.groups().settledBefore(group, answer.text(8));
        List<Delivery> deliveries = new ArrayList<>();
        addAgain(answer.list(9), token, deliveries);
        addFresh(answer.list(10), token, deliveries);
        if (answer.number(1) == 1) {
            member.wake();
        } else if (deliveries.size() < max) {
            shared.watch().arm(answer.bytes(3), answer.bytes(4));
        }
        return CompletableFuture.completedFuture(deliveries);
    }

    /** What was had before: handle, attempt, and fields. */
    private void addAgain(Answer again, byte[] token, List<Delivery> deliveries) {
        for (int i = 0; i < again.size(); i++) {
            Answer one = again.list(i);
            String handle = one.text(0);
            Wire.Entry entry = Wire.read(handle.startsWith("r") ? handle.substring(1) : handle, one.list(2));
            Settling.Lease lease = new Settling.Lease(one.bytes(0), token, entry.lane(), false);
            deliveries.add(new RedisDelivery(entry, lease, (int) one.number(1), this));
        }
    }

    /** What comes from the stream: handle and values, or handle and fields. */
    private void addFresh(Answer fresh, byte[] token, List<Delivery> deliveries) {
        int at = 0;
        while (at < fresh.size()) {
            boolean named = fresh.isList(at + 1);
            Wire.Entry entry =
                    named ? Wire.read(fresh.text(at), fresh.list(at + 1)) : Wire.read(fresh.text(at), fresh, at + 1);
            Settling.Lease lease = new Settling.Lease(fresh.bytes(at), token, entry.lane(), true);
            deliveries.add(new RedisDelivery(entry, lease, 1, this));
            at += named ? 2 : PARTS;
        }
    }

    private void warn(long deleted, long removed, long remade) {
        if (deleted + removed > 0) {
            log.warn(
                    "messages are gone that this group has not settled: somebody else deletes from the stream, or trims it"
                            + " group={} count={}",
                    group,
                    deleted + removed);
        }
        if (remade > 0) {
            log.warn("the consumer group was gone and is made again where it was group={}", group);
        }
    }

    // ---- settling

    /** Settles, or renews. Completes with whether the lease was held. */
    CompletableFuture<Boolean> settle(Settling settling) {
        settlements.add(settling);
        members.forEach(RedisMember::nudge);
        return settling.held();
    }

    boolean isIdle() {
        return settlements.isIdle();
    }

    private void settled(boolean freed, long dueMillis) {
        dueIn(dueMillis);
        if (freed) {
            wake();
        }
    }

    // ---- what comes due

    /** There is a connection again: what was lent and never came goes back, and so does what was to go back. */
    void connected() {
        List<byte[]> tokens = Settlements.drain(lostTokens);
        if (!tokens.isEmpty()) {
            shared.link()
                    .run(Script.RECOVER, keys, arguments(tokens.toArray(byte[][]::new)))
                    .whenComplete((back, error) -> {
                        if (error != null) {
                            lostTokens.addAll(tokens);
                        }
                    });
        }
        settlements.connected();
    }

    private void dueIn(long millis) {
        due = Due.in(millis, now());
    }

    /** Lets what has come due be had, by anybody. */
    void sweep() {
        if (!due.isOver(now()) || !sweeping.compareAndSet(false, true)) {
            return;
        }
        shared.link().run(Script.SWEEP, keys, arguments()).whenComplete((answer, error) -> {
            if (error == null) {
                dueIn(answer.number(1));
                if (answer.number(0) > 0) {
                    wake();
                }
            }
            sweeping.set(false);
        });
    }

    private List<byte[]> arguments(byte[]... more) {
        List<byte[]> arguments = new ArrayList<>(List.of(shared.time().shift(), Wire.utf8(group)));
        arguments.addAll(List.of(more));
        return arguments;
    }
}
