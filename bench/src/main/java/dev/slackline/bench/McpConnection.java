package dev.slackline.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client on one connection to {@code /mcp}, which is kept. Takes an answer as JSON and as a stream. Not thread-safe. */
final class McpConnection implements McpAgent {

    private static final String NO_ANSWER = "";
    private static final int PATIENCE_MILLIS = 60_000;

    private final McpEra era;
    private final Socket socket;
    private final InputStream in;
    private String session = "";
    private long id;

    private McpConnection(McpEra era, Socket socket) throws IOException {
        this.era = era;
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), 8_192);
    }

    /** Connects, and says nothing yet. */
    static McpConnection to(int port, McpEra era) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return new McpConnection(era, socket);
    }

    /** Connects, and does all that comes before the first call. */
    static McpConnection ready(int port, McpEra era) throws IOException {
        McpConnection connection = to(port, era);
        connection.greet();
        if (era == McpEra.SESSIONS) {
            String method = "notifications/initialized";
            connection.post(method, NO_ANSWER, "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\"}");
        }
        return connection;
    }

    /** What a client says first: {@code initialize} or {@code server/discover}. */
    void greet() throws IOException {
        String answer = post(era.greeting(), NO_ANSWER, era.greetingBody(++id));
        if (!answer.contains("\"capabilities\"")) {
            throw new IOException(era.greeting() + " was answered: " + answer);
        }
    }

    @Override
    public String call(String tool, String arguments) throws IOException {
        return post("tools/call", tool, era.callBody(++id, tool, arguments));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String post(String method, String name, String body) throws IOException {
        socket.getOutputStream().write(era.http(method, name, session, body));
        readLine(); // the status: what went wrong stands in the answer as well
        int length = 0;
        boolean chunked = false;
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            String value = line.substring(line.indexOf(':') + 1).strip();
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(value);
            } else if (line.regionMatches(true, 0, "transfer-encoding:", 0, 18)) {
                chunked = value.equalsIgnoreCase("chunked");
            } else if (line.regionMatches(true, 0, "mcp-session-id:", 0, 15)) {
                session = value;
            }
        }
        byte[] answer = chunked ? chunks() : in.readNBytes(length);
        return new String(answer, StandardCharsets.UTF_8);
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
            int length = Integer.parseInt(readLine().strip(), 16);
            all.write(in.readNBytes(length));
            readLine();
            if (length == 0) {
                return all.toByteArray();
            }
        }
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder(40);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the server closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
