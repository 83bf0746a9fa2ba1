package dev.slackline.slack.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What Slack's reference says each method bears (rule 27), from the table {@code method-limits.txt} beside this class. A
 * method that is not in it counts as tier 2, to which most belong. Immutable.
 */
final class Limits {

    private static final Limit UNKNOWN = new Limit(20, Duration.ZERO);
    private static final Limits OF_SLACK = load();

    private final Map<String, Limit> byMethod;

    private Limits(Map<String, Limit> byMethod) {
        this.byMethod = Map.copyOf(byMethod);
    }

    static Limits ofSlack() {
        return OF_SLACK;
    }

    Limit of(String method) {
        return byMethod.getOrDefault(method, UNKNOWN);
    }

    /** How many methods are known. */
    int size() {
        return byMethod.size();
    }

    private static Limits load() {
        try (InputStream table = Objects.requireNonNull(
                        Limits.class.getResourceAsStream("method-limits.txt"), "method-limits.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))) {
            return parse(lines.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lines of {@code <calls a minute>[/<seconds between two of a channel>] <method>…}; {@code #} starts a comment. */
    static Limits parse(List<String> lines) {
        Map<String, Limit> limits = new HashMap<>();
        for (String line : lines) {
            String[] words = line.replaceAll("#.*", "").strip().split("\\s+", -1);
            if (words.length < 2) {
                continue;
            }
            String[] numbers = words[0].split("/", 2);
            Duration pause = numbers.length == 2 ? Duration.ofSeconds(Long.parseLong(numbers[1])) : Duration.ZERO;
            Limit limit = new Limit(Integer.parseInt(numbers[0]), pause);
            for (int i = 1; i < words.length; i++) {
                if (limits.put(words[i], limit) != null) {
                    throw new IllegalArgumentException(words[i] + " stands in the table twice");
                }
            }
        }
        return new Limits(limits);
    }
}
