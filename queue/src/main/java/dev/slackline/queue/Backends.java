package dev.slackline.queue;

import dev.slackline.queue.config.ConfigurationException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The backends on the class path. */
public final class Backends {

    private Backends() {}

    /**
     * Every provider on the class path, by name.
     *
     * @throws ConfigurationException if one cannot be loaded, or two have one name: a queue chosen by chance loses
     *     messages
     */
    public static List<QueueBackendProvider> installed() {
        return checked(load());
    }

    /**
     * The provider of this name.
     *
     * @throws ConfigurationException if there is none, listing the names there are; or as {@link #installed()}
     */
    public static QueueBackendProvider named(String name) {
        List<QueueBackendProvider> installed = installed();
        return installed.stream()
                .filter(provider -> provider.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(QueueSettings.BACKEND.name() + ": there is no backend '"
                        + name + "'; installed are " + names(installed)));
    }

    static List<QueueBackendProvider> checked(List<QueueBackendProvider> found) {
        List<QueueBackendProvider> sorted = found.stream()
                .sorted(Comparator.comparing(QueueBackendProvider::name))
                .toList();
        for (int i = 1; i < sorted.size(); i++) {
            QueueBackendProvider one = sorted.get(i - 1);
            QueueBackendProvider other = sorted.get(i);
            if (one.name().equals(other.name())) {
                throw new ConfigurationException("two backends are called '" + one.name() + "': "
                        + one.getClass().getName() + " and " + other.getClass().getName()
                        + "; take one of them off the class path (installed are " + names(sorted) + ")");
            }
        }
        return sorted;
    }

    private static List<QueueBackendProvider> load() {
        List<QueueBackendProvider> found = new ArrayList<>();
        Iterator<QueueBackendProvider> providers =
                ServiceLoader.load(QueueBackendProvider.class).iterator();
        try {
            while (providers.hasNext()) {
                found.add(providers.next());
            }
        } catch (ServiceConfigurationError e) {
            throw new ConfigurationException("a backend on the class path cannot be loaded: " + e.getMessage());
        }
        return found;
    }

    private static String names(List<QueueBackendProvider> providers) {
        return providers.stream().map(QueueBackendProvider::name).collect(Collectors.joining(", "));
    }
}
