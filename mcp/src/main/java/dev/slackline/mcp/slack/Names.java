package dev.slackline.mcp.slack;

import dev.slackline.mcp.access.Conversation;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The names of channels and people, and their ids. Thread-safe. */
final class Names {

    /** No id: more than one is shown under a name, and nobody may pass for another. */
    private static final String SEVERAL = "";

    private final Map<String, Channel> channels = new ConcurrentHashMap<>();
    private final Map<String, String> channelIds = new ConcurrentHashMap<>();
    private final Map<String, Person> people = new ConcurrentHashMap<>();
    private final Map<String, String> handles = new ConcurrentHashMap<>();
    private final Map<String, String> displayed = new ConcurrentHashMap<>();

    /** A channel that has a name. */
    record Channel(String id, String name, boolean archived) {

        Conversation conversation() {
            return new Conversation(id, name, false);
        }
    }

    /**
     * Somebody.
     *
     * @param name what {@code @} goes before
     * @param shown what others see
     */
    record Person(String id, String name, String shown) {}

    void add(Channel channel) {
        Channel before = channels.put(channel.id(), channel);
        if (before != null && !before.name().equals(channel.name())) {
            channelIds.remove(key(before.name()), channel.id());
        }
        if (channel.archived()) {
            channelIds.putIfAbsent(key(channel.name()), channel.id());
        } else {
            channelIds.put(key(channel.name()), channel.id());
        }
    }

    void add(Person person) {
        Person before = people.put(person.id(), person);
        if (before != null) {
            handles.remove(key(before.name()), person.id());
            displayed.remove(key(before.shown()), person.id());
        }
        handles.put(key(person.name()), person.id());
        if (!person.shown().isEmpty()) {
            displayed.merge(key(person.shown()), person.id(), (one, other) -> one.equals(other) ? one : SEVERAL);
        }
    }

    @Nullable
    Channel channelOf(String id) {
        return channels.get(id);
    }

    @Nullable
    Channel channelCalled(String name) {
        String id = channelIds.get(key(name));
        return id == null ? null : channels.get(id);
    }

    @Nullable
    Person personOf(String id) {
        return people.get(id);
    }

    /** By handle, or else by the name that others see. */
    @Nullable
    Person personCalled(String name) {
        String handle = handles.get(key(name));
        String id = handle == null ? displayed.get(key(name)) : handle;
        return id == null ? null : people.get(id);
    }

    Collection<Channel> channels() {
        return List.copyOf(channels.values());
    }

    Collection<Person> people() {
        return List.copyOf(people.values());
    }

    int peopleCount() {
        return people.size();
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
