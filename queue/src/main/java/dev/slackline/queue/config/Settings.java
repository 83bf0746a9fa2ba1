package dev.slackline.queue.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The values of declared settings, read from named values in one go. Immutable; {@link #toString()} hides secrets.
 */
public final class Settings {

    /** Widely used variables of other programs that share a prefix with ours. */
    private static final Set<String> FOREIGN = Set.of("HTTP_PROXY");

    private static final String USER_HOME = "~";

    private final Map<Setting<?>, Value> values;

    private Settings(Map<Setting<?>, Value> values) {
        this.values = values;
    }

    /** {@link #parse(Env, Collection)} of a plain map. */
    public static Settings parse(Map<String, String> values, Collection<? extends Setting<?>> declared) {
        return parse(Env.of(values), declared);
    }

    /**
     * Reads every declared setting.
     *
     * @throws ConfigurationException naming every variable that is missing or wrong
     */
    public static Settings parse(Env env, Collection<? extends Setting<?>> declared) {
        Map<Setting<?>, Value> values = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        for (Setting<?> setting : declared) {
            try {
                values.put(setting, read(env, setting));
            } catch (IllegalArgumentException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return new Settings(values);
    }

    /**
     * The value of a setting.
     *
     * @throws IllegalArgumentException if it was not among those that were read
     */
    @SuppressWarnings("unchecked") // the value was made by this very setting's parser
    public <T> T get(Setting<T> setting) {
        return (T) value(setting).parsed();
    }

    /** The value of a setting that is a path: absolute, with what {@code $NAME} and {@code ~} at its start stand for. */
    public Path path(Setting<String> setting) {
        String text = get(setting);
        for (Setting<?> other : values.keySet()) {
            String reference = "$" + other.name();
            if (!other.equals(setting) && (text.equals(reference) || text.startsWith(reference + "/"))) {
                text = value(other).text() + text.substring(reference.length());
            }
        }
        if (text.equals(USER_HOME) || text.startsWith(USER_HOME + "/")) {
            text = System.getProperty("user.home") + text.substring(USER_HOME.length());
        }
        return Path.of(text).toAbsolutePath().normalize();
    }

    /** The value as it may be shown: {@code ****} for a secret that is set. */
    public String shown(Setting<?> setting) {
        String text = value(setting).text();
        return setting.secret() && !text.isEmpty() ? "****" : text;
    }

    /** Where the value came from: {@code default}, {@code environment}, {@code .env}, {@code file} and the like. */
    public String source(Setting<?> setting) {
        return value(setting).source();
    }

    /** The settings that were read, in the order of their declaration. */
    public List<Setting<?>> declared() {
        return List.copyOf(values.keySet());
    }

    /**
     * One warning for each variable that has the prefix of a declared setting and is none (case 4), with the nearest
     * declared name.
     *
     * @param env the variables
     * @param declared every setting that anybody may read
     */
    public static List<String> unknown(Env env, Collection<? extends Setting<?>> declared) {
        Set<String> names = declared.stream().map(Setting::name).collect(Collectors.toCollection(TreeSet::new));
        Set<String> prefixes = declared.stream().map(Setting::prefix).collect(Collectors.toSet());
        return new TreeSet<>(env.names())
                .stream()
                        .filter(name -> prefixes.stream().anyMatch(name::startsWith))
                        .filter(name -> !names.contains(name) && !FOREIGN.contains(name))
                        .filter(name -> !(name.endsWith(Env.FILE_SUFFIX)
                                && names.contains(name.substring(0, name.length() - Env.FILE_SUFFIX.length()))))
                        .map(name -> name + " is no setting of Slackline and has no effect; did you mean "
                                + nearest(name, names) + "?")
                        .toList();
    }

    @Override
    public String toString() {
        return values.keySet().stream()
                .map(setting -> setting.name() + "=" + shown(setting))
                .collect(Collectors.joining(", ", "Settings[", "]"));
    }

    private Value value(Setting<?> setting) {
        Value value = values.get(setting);
        if (value == null) {
            throw new IllegalArgumentException(setting.name() + " was not among the settings that were read");
        }
        return value;
    }

    private static Value read(Env env, Setting<?> setting) {
        Env.@Nullable Entry entry = env.find(setting.name());
        String text = entry == null ? setting.fallback() : entry.text();
        if (text == null) {
            throw new IllegalArgumentException(setting.name() + " is required and not set: " + setting.description());
        }
        try {
            return new Value(
                    text,
                    entry == null ? "default" : entry.source(),
                    setting.parser().apply(text));
        } catch (IllegalArgumentException e) {
            String shown = setting.secret() ? "the secret value" : "'" + text + "'";
            throw new IllegalArgumentException(setting.name() + ": " + shown + " is not valid; " + e.getMessage(), e);
        }
    }

    private static String nearest(String name, Set<String> names) {
        String best = "";
        int bestDistance = Integer.MAX_VALUE;
        for (String candidate : names) {
            int distance = distance(name, candidate);
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    /** The Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(change, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }

    private record Value(String text, String source, Object parsed) {}
}
