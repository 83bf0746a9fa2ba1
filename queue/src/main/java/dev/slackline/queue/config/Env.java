package dev.slackline.queue.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Named values in layers, the first of which wins: a read-only view of the environment and whatever else holds settings.
 * {@code NAME_FILE} stands for the content of a file, its last line end cut off. An empty value counts as not set, an empty
 * file is an error.
 * Immutable and thread-safe.
 */
public final class Env {

    static final String FILE_SUFFIX = "_FILE";

    private final Map<String, Map<String, String>> layers;

    private Env(Map<String, Map<String, String>> layers) {
        this.layers = layers;
    }

    /** One layer, called {@code environment}. */
    public static Env of(Map<String, String> values) {
        return new Env(Map.of("environment", Map.copyOf(values)));
    }

    /** These layers, and behind them one more. */
    public Env orElse(String source, Map<String, String> values) {
        Map<String, Map<String, String>> more = new LinkedHashMap<>(layers);
        more.put(unused(source), Map.copyOf(values));
        return new Env(more);
    }

    /** One more layer, before these. */
    public Env behind(String source, Map<String, String> values) {
        Map<String, Map<String, String>> more = new LinkedHashMap<>();
        more.put(unused(source), Map.copyOf(values));
        more.putAll(layers);
        return new Env(more);
    }

    private String unused(String source) {
        if (layers.containsKey(source)) {
            throw new IllegalArgumentException("there is a layer '" + source + "' already");
        }
        return source;
    }

    /** The same layers with nothing in them but the values of these settings. */
    public Env only(Collection<? extends Setting<?>> settings) {
        Set<String> names = settings.stream()
                .flatMap(setting -> Stream.of(setting.name(), setting.name() + FILE_SUFFIX))
                .collect(Collectors.toSet());
        Map<String, Map<String, String>> left = new LinkedHashMap<>();
        layers.forEach((source, values) -> {
            Map<String, String> kept = new HashMap<>(values);
            kept.keySet().retainAll(names);
            left.put(source, kept);
        });
        return new Env(left);
    }

    /** The names that are set in any layer. */
    public Set<String> names() {
        return layers.values().stream()
                .flatMap(layer -> layer.keySet().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The value of a name, from the first layer that has it. */
    @Nullable
    Entry find(String name) {
        for (Map.Entry<String, Map<String, String>> layer : layers.entrySet()) {
            String text = layer.getValue().getOrDefault(name, "");
            String file = layer.getValue().getOrDefault(name + FILE_SUFFIX, "");
            if (!text.isEmpty() && !file.isEmpty()) {
                throw new IllegalArgumentException(
                        "both " + name + " and " + name + FILE_SUFFIX + " are set; set one of them");
            }
            if (!text.isEmpty()) {
                return new Entry(text, layer.getKey());
            }
            if (!file.isEmpty()) {
                return new Entry(readFile(name, file), name + FILE_SUFFIX);
            }
        }
        return null;
    }

    private static String readFile(String name, String file) {
        String content;
        try {
            content = Files.readString(Path.of(file));
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    name + FILE_SUFFIX + ": the file '" + file + "' cannot be read ("
                            + e.getClass().getSimpleName() + ")",
                    e);
        }
        String value = content.replaceFirst("\\R\\z", "");
        if (value.isEmpty()) {
            throw new IllegalArgumentException(name + FILE_SUFFIX + ": the file '" + file + "' is empty");
        }
        return value;
    }

    record Entry(String text, String source) {}
}
