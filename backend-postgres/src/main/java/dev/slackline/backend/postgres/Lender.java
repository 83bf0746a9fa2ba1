package dev.slackline.backend.postgres;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that fetches for all members of this process. Lending is one short transaction that hands over numbers
 * alone; what the messages are is read after it, so that no lock is held while they are on their way.
 */
final class Lender {

    /**
     * What the server lent.
     *
     * @param groupId null if there is no such group
     * @param deaths earlier ones, as JSON; null if there are none
     * @param more whether there is more to do at once
     * @param waitMillis when something may come due; null if nothing is known to
     */
    private record Lent(
            @Nullable Integer groupId,
            List<Long> seqs,
            List<Integer> attempts,
            @Nullable List<@Nullable String> deaths,
            boolean more,
            @Nullable Long waitMillis) {}

    private static final int MOST = 1_024;
    private static final Duration LISTENING = Duration.ofSeconds(1);
    /** Something stands in the way for a moment: a settlement under way, a lock. */
    private static final Duration SOON = Duration.ofMillis(5);
    /** So many at once are load: those who got them are about to ask for more. */
    private static final int MANY = 32;

    private static final int MOMENTS = 8;
    private static final long MOMENT_NANOS = 50_000;

    private final Connections connections;
    private final PostgresSettings settings;
    private final long leaseMillis;
    private final Failures failures;
    private final Settler settler;
    private final Waiting waiting;
    private final LostLoans lost;
    private final Bell bell;
    private final Thread thread;
    private int lentLast;

    Lender(
            Connections connections,
            PostgresSettings settings,
            Duration lease,
            Threads threads,
            Failures failures,
            Settler settler,
            Waiting waiting,
            LostLoans lost,
            Bell bell) {
        this.connections = connections;
        this.settings = settings;
        this.leaseMillis = lease.toMillis();
        this.failures = failures;
        this.settler = settler;
        this.waiting = waiting;
        this.lost = lost;
        this.bell = bell;
        this.thread = threads.named("lender", this::loop);
    }

    void start() {
        thread.start();
    }

    /** Ends it when what it is doing is done; waits no longer than this for that. */
    void stop(Duration timeout) throws InterruptedException {
        waiting.close();
        if (thread.isAlive() && Thread.currentThread() != thread) {
            thread.join(timeout.toMillis());
        }
    }

    private void loop() {
        try {
            for (Waiting.Asked asked = waiting.next(); asked != null; asked = waiting.next()) {
                gather(asked.group());
                serve(asked);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Leaves those who were served a moment to ask for more, so that they are served together. */
    private void gather(String group) {
        int before = -1;
        for (int i = 0; i < MOMENTS && lentLast >= MANY; i++) {
            int now = waiting.demand(group, MOST);
            if (now >= lentLast || now == before) {
                break;
            }
            before = now;
            LockSupport.parkNanos(this, MOMENT_NANOS);
        }
        lentLast = 0;
    }

    private void serve(Waiting.Asked asked) {
        long token = ThreadLocalRandom.current().nextLong();
        int number = asked.number(MOST);
        try {
            Lent lent = connections.call(connection -> lend(connection, asked.group(), number, token));
            Integer groupId = lent.groupId();
            if (groupId == null) {
                end(asked, failures.undeclared(asked.group()));
                return;
            }
            Deque<Delivery> deliveries = lent.seqs().isEmpty()
                    ? new ArrayDeque<>()
                    : connections.call(connection -> deliveries(connection, groupId, lent, token));
            lentLast = deliveries.size();
            if (!lent.more()) {
                waiting.rest(asked, pause(lent));
            } else if (deliveries.isEmpty()) {
                waiting.rest(asked, SOON);
            }
            handOut(asked, deliveries);
        } catch (SQLException e) {
            lost.add(token);
            end(asked, failures.consume(e));
        } catch (RuntimeException | Error e) { // whatever it is, this thread has to live on
            lost.add(token);
            end(asked, e);
        }
    }

    private Duration pause(Lent lent) {
        Duration poll = bell.isListening() ? LISTENING : settings.poll();
        Long wait = lent.waitMillis();
        if (wait == null || wait > poll.toMillis()) {
            return poll;
        }
        Duration due = Duration.ofMillis(wait + 1);
        return due.compareTo(SOON) < 0 ? SOON : due;
    }

    /** Each gets at most what it asks for; what is left over goes back. */
    private void handOut(Waiting.Asked asked, Deque<Delivery> deliveries) {
        List<Waiting.Demand> served = new ArrayList<>();
        List<List<Delivery>> shares = new ArrayList<>();
        for (Waiting.Demand demand : asked.demands()) {
            List<Delivery> share = new ArrayList<>();
            for (int room = demand.member().demand(); room > 0 && !deliveries.isEmpty(); room--) {
                share.add(deliveries.remove());
            }
            if (!share.isEmpty()) {
                served.add(demand);
                shares.add(share);
            }
        }
        waiting.served(asked.group(), served);
        for (int i = 0; i < served.size(); i++) {
            Waiting.Demand demand = served.get(i);
            if (demand.result().complete(shares.get(i))) {
                demand.member().askAgain();
            } else {
                shares.get(i).forEach(Delivery::release);
            }
        }
        deliveries.forEach(Delivery::release);
    }

    private void end(Waiting.Asked asked, Throwable cause) {
        waiting.served(asked.group(), asked.demands());
        Throwable why = cause instanceof QueueException ? cause : failures.consume(String.valueOf(cause), true, cause);
        asked.demands().forEach(demand -> demand.result().completeExceptionally(why));
    }

    private Lent lend(Connection connection, String group, int number, long token) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT p_group, seqs, attempts, deaths, more, wait_millis FROM "
                        + settings.schema() + ".lend(?, ?, ?, ?)")) {
            statement.setString(1, group);
            statement.setInt(2, number);
            statement.setLong(3, token);
            statement.setLong(4, leaseMillis);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Lent(
                        row.getObject(1, Integer.class),
                        Arrays.asList((Long[]) row.getArray(2).getArray()),
                        Arrays.asList((Integer[]) row.getArray(3).getArray()),
                        row.getArray(4) == null
                                ? null
                                : Arrays.asList((String[]) row.getArray(4).getArray()),
                        row.getBoolean(5),
                        row.getObject(6, Long.class));
            }
        }
    }

    /** Reads the messages, in the order in which they were lent. */
    private Deque<Delivery> deliveries(Connection connection, int groupId, Lent lent, long token) throws SQLException {
        Map<Long, Message> messages = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT " + StoredMessage.COLUMNS + " FROM " + settings.schema() + ".read_messages(?)")) {
            statement.setObject(1, lent.seqs().toArray(Long[]::new));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    messages.put(row.getLong(1), StoredMessage.read(row));
                }
            }
        }
        Deque<Delivery> deliveries = new ArrayDeque<>();
        for (int i = 0; i < lent.seqs().size(); i++) {
            Message message = messages.get(lent.seqs().get(i));
            boolean ordered = message != null && message.orderingKey() != null;
            Lease lease = new Lease(
                    groupId, lent.seqs().get(i), token, lent.attempts().get(i), ordered);
            if (message == null) { // settled for all while a new group was about to start with it
                settler.ack(lease, () -> {});
            } else {
                @Nullable
                String deaths = lent.deaths() == null ? null : lent.deaths().get(i);
                deliveries.add(new PostgresDelivery(message, lease, Deaths.read(deaths), settler));
            }
        }
        return deliveries;
    }
}
