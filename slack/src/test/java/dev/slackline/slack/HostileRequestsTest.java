package dev.slackline.slack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Message;
import dev.slackline.slack.HostileRequests.Attack;
import dev.slackline.slack.HostileRequests.Ending;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Another seed: {@code -Dhostile.seed=42}; more requests: {@code -Dhostile.requests=10000}. */
class HostileRequestsTest {

    private static final int REQUESTS = Integer.getInteger("hostile.requests", 1_000);
    private static final long SEED = Long.getLong("hostile.seed", 20_260_304);

    private static final int FLOODS = 3;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})");
    private static final Map<String, String> IMPATIENT =
            Map.of("HTTP_REQUEST_TIMEOUT", "300ms", "HTTP_IDLE_TIMEOUT", "500ms");

    @Test
    @Timeout(120)
    void noHostileRequestBreaksTheServer() throws Exception {
        System.out.println("hostile.seed=" + SEED + " hostile.requests=" + REQUESTS);
        try (Door door = Door.open(IMPATIENT)) {
            Map<String, Set<String>> statuses = new TreeMap<>();
            for (int flood = 0; flood < FLOODS; flood++) {
                attack(door, SEED + flood, REQUESTS / FLOODS, statuses);
                assertNothingIsLeft(door);
            }
            System.out.println("answers by kind: " + statuses);
            assertThat(statuses).hasSize(13);
            statuses.forEach((kind, seen) ->
                    assertThat(seen).as("seed %s, %s", SEED, kind).noneMatch(s -> s.startsWith("5")));
            assertThat(statuses.values())
                    .as("the generator reaches every door")
                    .anySatisfy(seen -> assertThat(seen).contains("200"))
                    .anySatisfy(seen -> assertThat(seen).contains("401"))
                    .anySatisfy(seen -> assertThat(seen).contains("400"))
                    .anySatisfy(seen -> assertThat(seen).contains("405"))
                    .anySatisfy(seen -> assertThat(seen).contains("431"));
            Eventually.holds(() -> isTaken(door)); // so impatient a server may find even us slow
            assertThat(door.stored())
                    .extracting(Message::key)
                    .contains("event.after")
                    .doesNotContain("event.forged");
        }
    }

    @Test
    void aSeedReproduces() {
        SlackSignature slack = new SlackSignature(List.of(Door.SECRET));
        HostileRequests one = new HostileRequests(SEED, slack);
        HostileRequests other = new HostileRequests(SEED, slack);
        for (int i = 0; i < 200; i++) {
            Attack attack = one.next();
            Attack same = other.next();
            assertThat(same.kind()).isEqualTo(attack.kind());
            assertThat(same.ending()).isEqualTo(attack.ending());
            assertThat(Arrays.deepEquals(
                            same.pieces().toArray(), attack.pieces().toArray()))
                    .isTrue();
        }
    }

    private static void attack(Door door, long seed, int requests, Map<String, Set<String>> statuses) throws Exception {
        HostileRequests hostile = new HostileRequests(seed, door.slack);
        ExecutorService attackers = Executors.newFixedThreadPool(32);
        try {
            Map<Integer, String> kinds = new TreeMap<>();
            List<Future<Set<String>>> answers = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                Attack attack = hostile.next();
                String name = "request " + i + " of seed " + seed + ", " + attack.kind() + " " + attack.ending();
                kinds.put(i, attack.kind());
                answers.add(attackers.submit(() -> send(door, attack, name)));
            }
            for (int i = 0; i < requests; i++) {
                statuses.computeIfAbsent(String.valueOf(kinds.get(i)), kind -> new TreeSet<>())
                        .addAll(answers.get(i).get());
            }
        } finally {
            attackers.shutdownNow();
        }
    }

    /** Not one connection, buffer or busy thread. */
    private static void assertNothingIsLeft(Door door) {
        Eventually.holds(() -> door.server.connections() == 0);
        Eventually.holds(() -> idleThreads(door));
        Eventually.holds(() -> door.buffers.getLeaks().isEmpty(), door.buffers::dumpLeaks);
    }

    /** The statuses of all answers on this connection; fails if the server neither answers nor hangs up. */
    private static Set<String> send(Door door, Attack attack, String name) throws IOException {
        StringBuilder answer = new StringBuilder();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.server.port())) {
            socket.setSoTimeout(30_000);
            for (byte[] piece : attack.pieces()) {
                socket.getOutputStream().write(piece);
                socket.getOutputStream().flush();
            }
            if (attack.ending() == Ending.VANISH) {
                return Set.of();
            }
            if (attack.ending() == Ending.HALF_CLOSE) {
                socket.shutdownOutput();
            }
            byte[] buffer = new byte[4096];
            for (int n = socket.getInputStream().read(buffer);
                    n >= 0;
                    n = socket.getInputStream().read(buffer)) {
                answer.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the server hangs at " + name, e);
        } catch (IOException e) {
            // reset by the server, which is an end too
        }
        assertThat(answer.toString()).as(name).doesNotContain("Exception", "org.eclipse", "Server: ");
        Set<String> statuses = new TreeSet<>();
        for (Matcher matcher = STATUS.matcher(answer); matcher.find(); ) {
            assertThat(matcher.group(1)).as(name).doesNotStartWith("5");
            statuses.add(matcher.group(1));
        }
        return statuses;
    }

    private static boolean isTaken(Door door) {
        try {
            return door.post(Samples.event("EvAfter", "{\"type\":\"after\"}")) == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean idleThreads(Door door) {
        QueuedThreadPool threads = (QueuedThreadPool) door.server.jetty().getThreadPool();
        return threads.getQueueSize() == 0 && threads.getUtilizedThreads() == 0;
    }
}
