package dev.slackline.queue.testkit;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.QueueBackendProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the kit must know of a backend to try it. */
public interface BackendHarness {

    /** The provider, as {@link java.util.ServiceLoader} finds it. */
    QueueBackendProvider provider();

    /** What the backend must be able to do. A false claim of the provider is a failure (case 9). */
    Capabilities expected();

    /** What the report is called; another name than the backend's where one backend is tried in several modes. */
    default String reportName() {
        return expected().backend();
    }

    /**
     * Settings for a topic that nobody else uses, and that goes away by itself: a new file, a random exchange. Every
     * call gives another one. Portable settings are added by the kit.
     */
    Map<String, String> newTopic();

    /** As {@link #newTopic()}, for a topic that refuses to store more than some MB (case 14); empty where none does. */
    default Optional<Map<String, String>> topicThatFills() {
        return Optional.empty();
    }

    /**
     * Settings that the provider must refuse for good when it opens them, by what is wrong with them (case 6): a wrong
     * password, a file that is no database.
     */
    default Map<String, Map<String, String>> refusedTopics() {
        return Map.of();
    }

    /**
     * Ways to put something foreign into the storage of a topic behind the backend's back, by what is wrong with it
     * (case 77): a message without headers, of another version, cut off.
     */
    default List<Intruder> intruders() {
        return List.of();
    }

    /**
     * The broker behind the backend, for the kit to ill-treat (rule R4). It runs before the first case and may be shared
     * by all of them. Without one the backend is not called fault-tested, and the report says so.
     */
    default Optional<BrokerHarness> broker() {
        return Optional.empty();
    }

    /** Whether the backend lives inside the process that uses it, so that there is no broker that could fail. */
    default boolean isEmbedded() {
        return false;
    }

    /** Puts one foreign message into the storage. */
    interface Intruder {
        /** What is wrong with it, for people. */
        String description();

        /** Does it, for every group that is declared. The topic is open, and one of its groups is consumed. */
        void intrude(Map<String, String> topic) throws Exception;
    }
}
