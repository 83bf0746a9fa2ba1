package dev.slackline.slack.simulator.web;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A body that may be a form with one file in it, as some clients upload. */
final class Multipart {

    private static final String BOUNDARY = "boundary=";

    private Multipart() {}

    /** The content of the only part; the whole body if it has no parts. */
    static byte[] onlyPart(String contentType, byte[] body) {
        int at = contentType.indexOf(BOUNDARY);
        if (!contentType.startsWith("multipart/") || at < 0) {
            return body;
        }
        String boundary =
                "\r\n--" + contentType.substring(at + BOUNDARY.length()).replace("\"", "");
        // one byte is one character in this charset, so that positions are those of the bytes
        String text = new String(body, StandardCharsets.ISO_8859_1);
        int start = text.indexOf("\r\n\r\n");
        int end = text.indexOf(boundary, Math.max(0, start));
        return start < 0 || end < 0 ? body : Arrays.copyOfRange(body, start + "\r\n\r\n".length(), end);
    }
}
