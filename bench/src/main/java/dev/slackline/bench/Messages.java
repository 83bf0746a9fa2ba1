package dev.slackline.bench;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/** Unique JSON objects of one size, cheap to make, so that making them is not what is measured. Thread-safe. */
final class Messages {

    private static final int DIGITS = 12;

    private final byte[] template;
    private final int at;
    private final AtomicLong number = new AtomicLong();

    /** Objects of so many bytes, at least 64. */
    Messages(int size) {
        String head = "{\"type\":\"message\",\"n\":\"";
        String tail = "\",\"text\":\"";
        int filler = size - head.length() - DIGITS - tail.length() - 2;
        template = (head + "0".repeat(DIGITS) + tail + "x".repeat(filler) + "\"}").getBytes(StandardCharsets.UTF_8);
        at = head.length();
    }

    byte[] next() {
        byte[] json = template.clone();
        long rest = number.incrementAndGet();
        for (int i = DIGITS - 1; i >= 0; i--) {
            json[at + i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return json;
    }

    /** Which of the messages it is, counted from 1. */
    int number(byte[] json) {
        int number = 0;
        for (int i = at; i < at + DIGITS; i++) {
            number = number * 10 + json[i] - '0';
        }
        return number;
    }
}
