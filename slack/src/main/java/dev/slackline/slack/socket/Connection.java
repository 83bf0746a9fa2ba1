package dev.slackline.slack.socket;

import dev.slackline.queue.Payload;
import dev.slackline.slack.Acknowledgement;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * One WebSocket of Slack's. Reads frame by frame and no further than {@link #MAX_UNCONFIRMED} envelopes ahead of the queue,
 * acknowledges what is durable, and leaves without losing what has been received. Thread-safe.
 */
final class Connection implements WebSocket.Listener {

    /** How many envelopes may wait for the queue or for their acknowledgement to be sent. */
    static final int MAX_UNCONFIRMED = 512;

    /** Who is told what becomes of it, on the WebSocket's threads. */
    interface Owner {

        /** Slack wants it to be left, for this reason. */
        void asked(Connection connection, String reason);

        /** It is no more; told once, and only after {@link #greeted()}. */
        void ended(Connection connection, String why);
    }

    /** Slack wraps a payload in little. */
    private static final int ENVELOPE_BYTES = 16 * 1024;

    private static final int LONGEST_CLOSE_MILLIS = 3_000;

    private final Owner owner;
    private final EnvelopeIntake intake;
    private final Executor executor;
    private final LongAdder unacknowledged;
    private final TextParts parts;
    private final int bound;
    private final AtomicInteger unconfirmed = new AtomicInteger();
    private final AtomicBoolean held = new AtomicBoolean();
    private final AtomicBoolean leaving = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CompletableFuture<Frame.Hello> greeted = new CompletableFuture<>();
    private final CompletableFuture<Void> left = new CompletableFuture<>();
    private final Silence silence = new Silence();
    private volatile @Nullable WebSocket socket;
    private volatile @Nullable Acks acks;
    private volatile boolean retiring;
    private volatile boolean deaf;
    private volatile boolean aborted;

    Connection(Owner owner, EnvelopeIntake intake, Executor executor, LongAdder unacknowledged, int maxBody) {
        this.owner = owner;
        this.intake = intake;
        this.executor = executor;
        this.unacknowledged = unacknowledged;
        this.bound = (int) Math.min(Integer.MAX_VALUE, (long) maxBody + ENVELOPE_BYTES);
        this.parts = new TextParts(bound);
    }

    /** Completes when Slack says hello; fails when the connection ends before, or is refused. */
    CompletableFuture<Frame.Hello> greeted() {
        return greeted;
    }

    /**
     * Leaves once every envelope that has been received is stored and acknowledged. What still comes until Slack has closed
     * its side is stored as well; nobody can acknowledge it any more, so Slack sends it again, and it is one message.
     */
    void retire() {
        retiring = true;
        if (unconfirmed.get() == 0) {
            leave();
        }
    }

    /** Reads nothing more until it has left. */
    void stopReading() {
        deaf = true;
    }

    /** Cuts it off. */
    void abort(String why) {
        aborted = true;
        WebSocket open = socket;
        if (open != null) {
            open.abort();
        }
        end(why);
    }

    /** Whether it is no more. */
    boolean hasEnded() {
        return ended.get();
    }

    /** To be called twice a second: pings, and notices when nothing comes. @return whether it is silent for too long */
    boolean isSilentAtTick() {
        WebSocket open = socket;
        return open != null && silence.tick(open, held.get());
    }

    /** Whether it was silent for too long when last looked at. */
    boolean isSilent() {
        return silence.isTooLong();
    }

    @Override
    public void onOpen(WebSocket open) {
        socket = open;
        acks = new Acks(open, executor);
        if (aborted) {
            open.abort();
        } else {
            open.request(1);
        }
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket open, CharSequence data, boolean last) {
        silence.heard();
        String text = parts.add(data, last);
        if (last && parts.wasTooLarge()) {
            intake.tooLarge();
        } else if (text != null) {
            received(text);
        }
        more();
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket open, ByteBuffer data, boolean last) {
        silence.heard();
        more();
        return null;
    }

    /** The WebSocket has answered it already. */
    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket open, ByteBuffer message) {
        silence.heard();
        more();
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket open, ByteBuffer message) {
        silence.heard();
        more();
        return null;
    }

    /** Slack's close is answered when everything that came before it is acknowledged. */
    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket open, int code, String reason) {
        end("Slack closed it with code " + code);
        retire();
        return left.completeOnTimeout(null, LONGEST_CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void onError(WebSocket open, Throwable error) {
        end("it broke: " + OpenFailure.describe(error));
    }

    private void received(String text) {
        byte[] json = text.getBytes(StandardCharsets.UTF_8);
        if (json.length > bound) {
            intake.tooLarge();
            return;
        }
        Frame frame;
        try {
            frame = Frame.parse(json);
        } catch (JacksonException e) {
            intake.malformed();
            return;
        }
        if (frame instanceof Frame.Envelope envelope) {
            unconfirmed.incrementAndGet();
            intake.take(envelope).thenAccept(known -> acknowledge(envelope, known));
        } else if (frame instanceof Frame.Hello hello) {
            greeted.complete(hello);
        } else if (frame instanceof Frame.Disconnect disconnect) {
            if (!greeted.completeExceptionally(OpenFailure.refused(disconnect.reason()))) {
                owner.asked(this, disconnect.reason());
            }
        }
    }

    private void acknowledge(Frame.Envelope envelope, Acknowledgement known) {
        Acks open = acks;
        if (open == null || leaving.get() || known.answer().status() != 200) {
            confirmed(false);
        } else {
            open.send(text(envelope.id(), known.content()), this::confirmed);
        }
    }

    private static String text(String envelopeId, Optional<Payload> reply) {
        String plain = Payload.of(Map.of("envelope_id", envelopeId)).text();
        return reply.map(payload -> plain.substring(0, plain.length() - 1) + ",\"payload\":" + payload.text() + "}")
                .orElse(plain);
    }

    private void confirmed(boolean acknowledged) {
        if (!acknowledged) {
            unacknowledged.increment();
        }
        if (unconfirmed.decrementAndGet() == 0 && retiring) {
            leave();
        } else if (!deaf) {
            resume();
        }
    }

    private void leave() {
        WebSocket open = socket;
        if (open != null && leaving.compareAndSet(false, true)) {
            open.sendClose(WebSocket.NORMAL_CLOSURE, "");
            deaf = false;
            left.complete(null);
            resume();
        }
    }

    private void more() {
        held.set(true);
        if (unconfirmed.get() < MAX_UNCONFIRMED && !deaf) {
            resume();
        }
    }

    private void resume() {
        WebSocket open = socket;
        if (open != null && held.compareAndSet(true, false)) {
            open.request(1);
        }
    }

    private void end(String why) {
        if (ended.compareAndSet(false, true)
                && !greeted.completeExceptionally(new OpenFailure("the connection ended before its hello: " + why))) {
            owner.ended(this, why);
        }
    }
}
