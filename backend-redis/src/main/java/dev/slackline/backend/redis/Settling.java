package dev.slackline.backend.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One settlement, or a renewal, on its way.
 *
 * @param what as {@code settle.lua} has it
 * @param values two that belong to what is done
 * @param held whether the lease was held
 */
record Settling(String what, Lease lease, List<byte[]> values, CompletableFuture<Boolean> held) {

    static final String ACK = "ack";
    static final String RETRY = "retry";
    static final String RELEASE = "release";
    static final String BURY = "bury";
    static final String RENEW = "renew";

    private static final byte[] NOTHING = {};

    /**
     * What a delivery holds.
     *
     * @param handle of the entry
     * @param token that was made for this fetch
     * @param lane the ordering key, or nothing
     * @param inLot whether it was lent together with all that the fetch took from the stream, or had again
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record Lease(byte[] handle, byte[] token, byte[] lane, boolean inLot) {

        boolean isInLane() {
            return lane.length > 0;
        }
    }

    static Settling of(String what, Lease lease) {
        return of(what, lease, NOTHING, NOTHING);
    }

    static Settling of(String what, Lease lease, byte[] one, byte[] two) {
        return new Settling(what, lease, List.of(one, two), new CompletableFuture<>());
    }

    /** Whether it goes with those of its lot. */
    boolean isOfLot() {
        return lease.inLot() && what.equals(ACK);
    }

    int bytes() {
        return 100 + values.get(0).length + values.get(1).length;
    }
}
