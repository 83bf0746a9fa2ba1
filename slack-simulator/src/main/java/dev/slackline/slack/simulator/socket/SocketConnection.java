package dev.slackline.slack.simulator.socket;

import dev.slackline.slack.simulator.state.Json;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One connection of the app. Frames are asked for one by one, so that it can stop to read: then no ping is answered, and
 * the close of the client is not seen either, as with a machine that has vanished. Public, because Jetty calls it.
 * Thread-safe.
 */
public final class SocketConnection implements Session.Listener {

    private static final int GOING_AWAY = 1001;

    /** Who looks after the connections. */
    interface Owner {
        void opened(SocketConnection connection);

        void received(SocketConnection connection, JsonNode message);

        void closed(SocketConnection connection);
    }

    private final int number;
    private final EndPoint wire;
    private final Owner owner;
    private final boolean debugReconnects;
    private final AtomicReference<@Nullable Session> session = new AtomicReference<>();
    private volatile boolean frozen;

    SocketConnection(int number, EndPoint wire, Owner owner, boolean debugReconnects) {
        this.number = number;
        this.wire = wire;
        this.owner = owner;
        this.debugReconnects = debugReconnects;
    }

    int number() {
        return number;
    }

    /** As in the attempts of an occurrence. */
    String way() {
        return "socket " + number;
    }

    boolean debugReconnects() {
        return debugReconnects;
    }

    boolean isFrozen() {
        return frozen;
    }

    void send(ObjectNode message) {
        send(Json.text(message));
    }

    void send(String message) {
        Session open = session.get();
        if (open != null && !frozen) {
            open.sendText(message, Callback.NOOP);
        }
    }

    void ping() {
        Session open = session.get();
        if (open != null && !frozen) {
            byte[] text = ("Ping from " + SocketMode.HOST).getBytes(StandardCharsets.UTF_8);
            open.sendPing(ByteBuffer.wrap(text), Callback.NOOP);
        }
    }

    /** Reads and writes nothing from now on, and stays open as far as Slack knows. */
    void freeze() {
        frozen = true;
    }

    void close() {
        Session open = session.get();
        if (open != null) {
            open.close(GOING_AWAY, "", Callback.NOOP);
        }
    }

    /** Cuts the TCP connection with a reset. */
    void reset() {
        if (wire.getTransport() instanceof SocketChannel channel) {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException e) {
                // it has closed already
            }
        }
        wire.close();
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        session.set(opened);
        owner.opened(this);
        opened.demand();
    }

    @Override
    public void onWebSocketText(String text) {
        if (frozen) {
            return;
        }
        try {
            owner.received(this, Json.parse(text));
        } catch (JacksonException e) {
            // Slack takes no notice of what it does not understand
        }
        demand();
    }

    @Override
    public void onWebSocketPing(ByteBuffer payload) {
        Session open = session.get();
        if (open != null && !frozen) {
            open.sendPong(payload, Callback.NOOP);
            open.demand();
        }
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        demand();
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        callback.succeed();
        demand();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        if (!frozen) {
            owner.closed(this);
        }
    }

    @Override
    public void onWebSocketClose(int status, String reason, Callback callback) {
        if (!frozen) { // otherwise nobody answers the close, and Slack does not know of it
            owner.closed(this);
            callback.succeed();
        }
    }

    private void demand() {
        Session open = session.get();
        if (open != null && !frozen) {
            open.demand();
        }
    }
}
