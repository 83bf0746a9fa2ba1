package dev.slackline.queue.testkit;

import java.util.List;

/** Every case there is, by the id that stays. */
public final class Catalogue {

    /**
     * One case.
     *
     * @param id 1 to 79
     * @param title what it is about
     * @param broker whether a broker process must be ill-treated for it: what does not pass these is not fault-tested
     */
    public record Entry(int id, String title, boolean broker) {}

    private static final List<Entry> ALL = List.of(
            of(1, "the documented minimum works, every declared variable is read"),
            of(2, "a missing required variable is named before anything is connected"),
            of(3, "malformed values are named with their variables, all at once"),
            of(4, "an unknown variable of a declared prefix is warned about"),
            of(5, "secrets and payloads never appear in texts"),
            of(6, "what is refused for good is an error at once"),
            withBroker(7, "a bad certificate fails closed"),
            of(8, "two backends in one JVM do not interfere"),
            of(9, "found by its name, two of one name are an error, capabilities are true"),
            of(10, "what was published is delivered, byte for byte"),
            of(11, "a completed publish is readable by every group declared before"),
            of(12, "a completed publish survives kill -9"),
            withBroker(13, "broker down: a publish fails or completes in time, never falsely"),
            of(14, "a refused publish fails"),
            of(15, "a publish that is cancelled or late is no success"),
            of(16, "a publish for nobody fails"),
            of(17, "concurrent publishers: each confirmed message appears once"),
            of(18, "outstanding publishes are bounded"),
            of(19, "each publish has a result of its own"),
            of(20, "the same id twice is one message"),
            of(21, "the largest payload works, a larger one is refused"),
            of(22, "publish after close fails at once, close twice is harmless"),
            of(23, "published before any consumer: kept"),
            of(24, "a thousand keys leak nothing"),
            of(25, "no more is handed out than was requested"),
            of(26, "no more is in flight at the broker than was requested"),
            of(27, "a slow consumer keeps memory flat and starves nobody"),
            of(28, "the Reactive Streams TCK passes"),
            of(29, "an idle consumer is idle, and wakes at once"),
            of(30, "the attempt is 1 and grows by one with each failure"),
            of(31, "id and time are the same in every attempt"),
            of(32, "a slow handler keeps its lease; without renewal it loses it"),
            of(33, "a subscriber that throws loses no message"),
            of(34, "a pause without demand loses nothing"),
            of(35, "headers are exact, too many or too long are refused"),
            of(36, "after a confirmed ack it never comes again"),
            of(37, "the first settlement wins"),
            of(38, "a stale settlement settles nothing"),
            of(39, "a retry comes again, one attempt higher"),
            of(40, "a retry comes after its delay, and holds up nobody"),
            of(41, "a failing handler makes no hot loop"),
            of(42, "a dead letter never comes again and is kept once"),
            of(43, "after the last attempt it is a dead letter with its whole story"),
            of(44, "a dead letter that cannot be written leaves the message unsettled"),
            of(45, "a crash around a dead letter loses nothing"),
            of(46, "a replay goes to the original group, with fresh attempts and the history"),
            of(47, "a release burns no attempt"),
            of(48, "acks out of order settle what they name"),
            of(49, "of a batch, what is not acked comes again"),
            of(50, "failures in one group leave the others alone"),
            of(51, "each group gets everything, each message goes to one member"),
            of(52, "a new group starts where it was told to"),
            of(53, "a member joins under load"),
            of(54, "a member leaves under load"),
            of(55, "what a vanished member held comes again"),
            of(56, "a group without members keeps its backlog"),
            of(57, "a fast group takes nothing from a slow one"),
            of(58, "a group dropped under a consumer is no silent hang"),
            of(59, "more members than work: the others take over"),
            of(60, "order is kept across members"),
            of(61, "order is kept through a retry"),
            of(62, "order is kept when members change"),
            of(63, "without an ordering key the work is spread"),
            of(64, "a hot key does not hold up the others"),
            withBroker(65, "broker down at start"),
            withBroker(66, "broker restarted under load"),
            withBroker(67, "broker killed under load"),
            withBroker(68, "connection cut or black-holed"),
            withBroker(69, "slow network"),
            of(70, "a consumer killed before its ack"),
            of(71, "clocks apart steal no lease"),
            withBroker(72, "broker fail-over"),
            of(73, "load: the ledger is clean and memory flat"),
            of(74, "opened and closed many times, nothing leaks"),
            withBroker(75, "random faults"),
            of(76, "closing hands out nothing more and gives back the rest"),
            of(77, "a foreign message neither stops nor loops the stream"),
            of(78, "hostile names pass through or are refused by one rule"),
            of(79, "what waited or died elsewhere is taken over, for its group alone, as it was"));

    private Catalogue() {}

    /** Every case, by id. */
    public static List<Entry> all() {
        return ALL;
    }

    private static Entry of(int id, String title) {
        return new Entry(id, title, false);
    }

    private static Entry withBroker(int id, String title) {
        return new Entry(id, title, true);
    }
}
