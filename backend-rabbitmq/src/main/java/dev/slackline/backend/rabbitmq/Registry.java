package dev.slackline.backend.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which groups there are, and which retry queues they have: the broker does not tell over AMQP. Each is a message in a
 * queue of its own, put there before the queue that it names is made. Thread-safe; blocks.
 */
final class Registry {

    private static final int AT_ONCE = 500;

    private final Topology topology;
    private final Locks locks;
    private final Publisher publisher;
    /** What tells the registry that this process knows from one that was made after the broker had lost it. */
    private volatile @Nullable Entry mark;

    Registry(Topology topology, Locks locks, Publisher publisher) {
        this.topology = topology;
        this.locks = locks;
        this.publisher = publisher;
    }

    /**
     * One line of it.
     *
     * @param group a group
     * @param retryMillis the delay of a retry queue of the group; 0 for the group itself
     */
    record Entry(String group, long retryMillis) {

        private static final String MARK = "@"; // which no name of a group holds

        static Entry of(String group) {
            return new Entry(group, 0);
        }

        static Entry newMark() {
            return new Entry(MARK + UUID.randomUUID(), 0);
        }

        boolean isMark() {
            return group.startsWith(MARK);
        }

        byte[] written() {
            return (group + " " + retryMillis).getBytes(StandardCharsets.US_ASCII);
        }

        static @Nullable Entry read(byte[] written) {
            String[] parts = new String(written, StandardCharsets.US_ASCII).split(" ", -1);
            try {
                return parts.length == 2 ? new Entry(parts[0], Long.parseLong(parts[1])) : null;
            } catch (NumberFormatException e) {
                return null;
            }
        }
    }

    /** The names of the groups that were ever declared and not dropped, sorted. */
    Set<String> groups(Connection connection) throws IOException, TimeoutException, InterruptedException {
        return entries(connection).stream()
                .filter(entry -> !entry.isMark())
                .map(Entry::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The delays of the retry queues of a group. */
    Set<Long> retries(Connection connection, String group) throws IOException, TimeoutException, InterruptedException {
        return entries(connection).stream()
                .filter(entry -> entry.group().equals(group) && entry.retryMillis() > 0)
                .map(Entry::retryMillis)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Lists what is made then; until that is done nobody reads the list. */
    void add(Connection connection, Entry entry, Admin.ChannelWork<@Nullable Void> making)
            throws IOException, TimeoutException, InterruptedException {
        locks.<@Nullable Void>holding(connection, topology.names().registryLock(), held -> {
            Admin.<@Nullable Void>onChannel(held, channel -> {
                topology.declareRegistry(channel);
                return null;
            });
            Set<Entry> there = read(held, unused -> false);
            if (there.stream().noneMatch(Entry::isMark)) {
                Entry made = Entry.newMark();
                put(made);
                there.add(made);
            }
            if (!there.contains(entry)) {
                put(entry);
            }
            mark = there.stream().filter(Entry::isMark).findFirst().orElseThrow();
            return Admin.onChannel(held, making);
        });
    }

    private void put(Entry entry) {
        BasicProperties properties =
                new BasicProperties.Builder().deliveryMode(2).build();
        publisher
                .put(topology.names().registry(), new Wire.Packed(properties, entry.written()))
                .orTimeout(Locks.PATIENCE.toMillis(), TimeUnit.MILLISECONDS) // others wait for the lock meanwhile
                .join();
    }

    /** Whether this process knows which registry it is that it writes to. */
    boolean isKnown() {
        return mark != null;
    }

    /** Whether the broker has lost the registry that this process knows, also if others have made a new one by now. */
    boolean isLost(Connection connection) throws IOException, TimeoutException, InterruptedException {
        Entry known = mark;
        return !exists(connection) || (known != null && !entries(connection).contains(known));
    }

    void remove(Connection connection, String group) throws IOException, TimeoutException, InterruptedException {
        locks.holding(
                connection,
                topology.names().registryLock(),
                held -> read(held, entry -> entry.group().equals(group)));
    }

    boolean exists(Connection connection) throws IOException, TimeoutException, InterruptedException {
        return Admin.size(connection, topology.names().registry()) != null;
    }

    private Set<Entry> entries(Connection connection) throws IOException, TimeoutException, InterruptedException {
        return locks.holding(connection, topology.names().registryLock(), held -> read(held, unused -> false));
    }

    /** Reads all, and takes out those that are to go, what is there twice and what is no entry. */
    private Set<Entry> read(Connection connection, Predicate<Entry> gone)
            throws IOException, TimeoutException, InterruptedException {
        Set<Entry> entries = new HashSet<>();
        try (Scan scan = Scan.of(connection, topology.names().registry())) {
            for (List<Scan.Found> some = scan.next(AT_ONCE); !some.isEmpty(); some = scan.next(AT_ONCE)) {
                for (Scan.Found found : some) {
                    Entry entry = Entry.read(found.body());
                    if (entry == null || gone.test(entry) || !entries.add(entry)) {
                        scan.take(found);
                    }
                }
            }
        } catch (IOException e) {
            if (Failures.notFound(e)) { // nobody has declared any group yet
                return Set.of();
            }
            throw e;
        }
        return entries;
    }
}
