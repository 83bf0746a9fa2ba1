package dev.slackline.slack;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes hostile requests, the same ones for the same seed. */
final class HostileRequests {

    /** What the client does once it has sent its bytes. */
    enum Ending {
        /** Waits for the answer, its own side open. */
        WAIT,
        /** Ends its own side and waits. */
        HALF_CLOSE,
        /** Goes away at once. */
        VANISH
    }

    /** The bytes, in the pieces in which they are sent. */
    record Attack(String kind, List<byte[]> pieces, Ending ending) {}

    private static final List<String> KINDS = List.of(
            "garbage",
            "requestLine",
            "headers",
            "hugeHead",
            "length",
            "chunking",
            "signature",
            "body",
            "form",
            "encoding",
            "pipelining",
            "brokenOff",
            "method");

    private final Random random;
    private final SlackSignature slack;

    HostileRequests(long seed, SlackSignature slack) {
        this.random = new Random(seed);
        this.slack = slack;
    }

    Attack next() {
        String kind = one(KINDS);
        byte[] bytes = bytes(kind);
        Ending ending = kind.equals("brokenOff") ? Ending.VANISH : one(List.of(Ending.values()));
        return new Attack(kind, pieces(bytes), ending);
    }

    private byte[] bytes(String kind) {
        return switch (kind) {
            case "garbage" -> noise(random.nextInt(4_000));
            case "requestLine" -> latin1(requestLine() + "Host: x\r\nContent-Length: 0\r\n\r\n");
            case "headers" -> latin1(line("POST") + brokenHeaders() + "\r\n");
            case "hugeHead" ->
                latin1(line("POST") + ("X-" + text(20) + ": " + text(3_000) + "\r\n").repeat(12) + "\r\n");
            case "length" ->
                join(latin1(line("POST") + "Host: x\r\nContent-Length: " + length() + "\r\n\r\n"), noise(60));
            case "chunking" -> latin1(line("POST") + "Host: x\r\n" + transferEncoding() + "\r\n" + chunks());
            case "signature" -> signatureAttack();
            case "body" -> signed(body(), "application/json");
            case "form" -> signed(form(), "application/x-www-form-urlencoded");
            case "encoding" -> signed(mutated(latin1(Samples.MENTION)), one(contentTypes()));
            case "pipelining" ->
                join(
                        signed(
                                latin1(Samples.event("Ev" + random.nextInt(50), "{\"type\":\"a\"}")),
                                "application/json"),
                        random.nextBoolean() ? noise(500) : signed(body(), "x/y"));
            case "brokenOff" -> brokenOff();
            default ->
                latin1(line(one(List.of("GET", "OPTIONS", "TRACE", "CONNECT", "PRI", "post", "P\u00f6ST")))
                        + "Host: x\r\nOrigin: https://evil.example\r\n\r\n");
        };
    }

    private String requestLine() {
        return one(List.of(
                "POST /slack/events HTTP/9.9\r\n",
                "POST /slack/events HTTP/0.9\r\n",
                "POST /slack/events\r\n",
                "POST\r\n",
                "POST  /slack/events  HTTP/1.1\r\n",
                "POST /slack/events HTTP/1.1\n",
                "POST /slack/../slack/events HTTP/1.1\r\n",
                "POST /slack%2fevents HTTP/1.1\r\n",
                "POST /slack/events%00 HTTP/1.1\r\n",
                "POST /slack/events;a=b HTTP/1.1\r\n",
                "POST /%zz%ff HTTP/1.1\r\n",
                "POST http://[::1/slack/events HTTP/1.1\r\n",
                "POST * HTTP/1.1\r\n",
                "POST /" + "a".repeat(random.nextInt(20_000)) + " HTTP/1.1\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "POST /slack/events HTTP/1.0\r\n",
                "\r\n\r\n\r\nPOST /slack/events HTTP/1.1\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001"));
    }

    private String brokenHeaders() {
        return one(List.of(
                "Host x\r\n",
                ": x\r\n",
                "Host: x\r\nHost: y\r\n",
                "Host: \u0000\u0001\r\n",
                "Host: x\r\n folded: y\r\n",
                "Host: a b c:99999\r\n",
                "Host: x\r\nX-\u00e9: \u00ff\r\n",
                "Host: x\r\nExpect: the-unexpected\r\nContent-Length: 5\r\n",
                "Host: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n",
                "Host: x\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAAA\r\n",
                "Host: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n",
                "Host: x\r\n" + "A: b\r\n".repeat(1 + random.nextInt(1_500)),
                "Host: x\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
                "\r\n"));
    }

    private String length() {
        return one(List.of(
                "-1",
                "abc",
                "",
                "99999999999999999999",
                "0x10",
                "5, 5",
                "5\r\nContent-Length: 6",
                "1048577",
                "+5",
                "1e3"));
    }

    private String transferEncoding() {
        return one(List.of(
                "Transfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked\r\n",
                "Transfer-Encoding: gzip\r\n",
                "Transfer-Encoding: chunked, identity\r\n",
                "Transfer-Encoding: \u000bchunked\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"));
    }

    private String chunks() {
        return one(List.of(
                "zz\r\nabc\r\n",
                "-5\r\nabc\r\n",
                "ffffffffffffffffff\r\nabc",
                "3\r\nabcde\r\n0\r\n\r\n",
                "3;ext=" + text(200) + "\r\nabc\r\n0\r\n\r\n",
                "3\r\nabc\r\n0\r\nTrailer: " + text(100) + "\r\n\r\n",
                "1\r\na\r\n".repeat(500) + "0\r\n\r\n",
                "0\r\n\r\n",
                "3\nabc\n0\n\n"));
    }

    private byte[] signatureAttack() {
        String body = Samples.event("EvForged", "{\"type\":\"forged\"}");
        String good = slack.sign(Door.NOW, latin1(body));
        long now = Door.NOW.getEpochSecond();
        String headers = one(List.of(
                "X-Slack-Signature: " + good + "\r\n",
                "X-Slack-Request-Timestamp: " + now + "\r\n",
                signatureHeaders(Long.toString(now - 301), good),
                signatureHeaders(Long.toString(now), good.substring(0, 66) + "é"),
                signatureHeaders(Long.toString(now), good + good),
                signatureHeaders(Long.toString(now), ""),
                signatureHeaders("", good),
                signatureHeaders("9".repeat(30), good),
                signatureHeaders("-" + now, good),
                signatureHeaders(now + ":" + body, good),
                signatureHeaders(Long.toString(now), "v0=" + text(64)),
                signatureHeaders(Long.toString(now), "v0=" + text(5_000))));
        return latin1(line("POST") + "Host: x\r\n" + headers + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private byte[] body() {
        return latin1(
                switch (random.nextInt(9)) {
                    case 0 -> "";
                    case 1 -> text(random.nextInt(3_000));
                    case 2 -> "{\"a\":".repeat(random.nextInt(4_000));
                    case 3 -> "[".repeat(random.nextInt(100_000));
                    case 4 -> "{\"type\":\"" + text(random.nextInt(600)) + "\",\"team_id\":" + random.nextInt() + "}";
                    case 5 -> Samples.event("Ev" + text(400), "{\"type\":\"" + text(400) + "\"}");
                    case 6 -> Samples.event("\\u0000\\ud800", "{\"type\":\"a\\r\\nb\",\"channel\":\"\\udfff\"}");
                    case 7 -> "{\"type\":\"event_callback\",\"event\":" + "9".repeat(random.nextInt(5_000) + 1) + "}";
                    default -> "\u00ef\u00bb\u00bf" + Samples.MENTION;
                });
    }

    private byte[] form() {
        return latin1(
                switch (random.nextInt(7)) {
                    case 0 -> "%".repeat(random.nextInt(50));
                    case 1 -> "a=b&".repeat(random.nextInt(3_000));
                    case 2 -> "payload=%7B" + text(50);
                    case 3 -> "payload=" + text(100) + "&payload=%7B%7D";
                    case 4 -> "command=" + text(random.nextInt(500)) + "&trigger_id=%00%0A";
                    case 5 -> Samples.interaction("{\"type\":\"" + text(10) + "\",\"trigger_id\":[1]}");
                    default -> "command=%ff%fe&text=%C3";
                });
    }

    private List<String> contentTypes() {
        return List.of(
                "application/json",
                "application/json; charset=utf-7",
                "multipart/form-data; boundary=",
                "",
                "\u00ff",
                text(900));
    }

    /** Says more than it sends. */
    private byte[] brokenOff() {
        byte[] whole = signed(latin1(Samples.MENTION), "application/json");
        return Arrays.copyOf(whole, random.nextInt(whole.length));
    }

    private byte[] signed(byte[] body, String contentType) {
        String head = line("POST") + "Host: x\r\nContent-Type: " + contentType + "\r\n"
                + signatureHeaders(Long.toString(Door.NOW.getEpochSecond()), slack.sign(Door.NOW, body))
                + (random.nextBoolean() ? "X-Slack-Retry-Num: " + text(300) + "\r\n" : "")
                + (random.nextBoolean() ? "traceparent: " + text(60) + "\r\n" : "")
                + "Content-Length: " + body.length + "\r\n\r\n";
        return join(latin1(head), body);
    }

    private static String signatureHeaders(String timestamp, String signature) {
        return "X-Slack-Request-Timestamp: " + timestamp + "\r\nX-Slack-Signature: " + signature + "\r\n";
    }

    private String line(String method) {
        return method + " "
                + one(List.of(
                        "/slack/events",
                        "/slack/commands",
                        "/slack/interactions",
                        "/slack/events?" + "q".repeat(random.nextInt(100))))
                + " HTTP/1.1\r\n";
    }

    private byte[] mutated(byte[] bytes) {
        for (int i = 0; i < 3; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    /** Printable text without what would end a line or a JSON string. */
    private String text(int length) {
        StringBuilder text = new StringBuilder(length);
        while (text.length() < length) {
            char c = (char) (' ' + random.nextInt(95));
            text.append(c == '"' || c == '\\' ? 'x' : c);
        }
        return text.toString();
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private List<byte[]> pieces(byte[] bytes) {
        if (bytes.length < 2 || random.nextInt(3) > 0) {
            return List.of(bytes);
        }
        int cut = 1 + random.nextInt(bytes.length - 1);
        return List.of(Arrays.copyOf(bytes, cut), Arrays.copyOfRange(bytes, cut, bytes.length));
    }

    private <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] join(byte[] first, byte[] second) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.writeBytes(first);
        joined.writeBytes(second);
        return joined.toByteArray();
    }
}
