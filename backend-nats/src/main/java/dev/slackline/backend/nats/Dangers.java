package dev.slackline.backend.nats;

import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.util.ArrayList;
import java.util.List;

/** What in the configuration of a stream would lose messages, each with what it should be instead. */
final class Dangers {

    private Dangers() {}

    /** Of the stream of messages. */
    static List<String> toMessages(StreamConfiguration is, String subject) {
        List<String> dangers = common(is, subject);
        boolean discardsOld = is.getDiscardPolicy() != DiscardPolicy.New;
        if (discardsOld && (is.getMaxMsgs() > 0 || is.getMaxBytes() > 0)) {
            dangers.add("when it is full it discards the oldest message, read or not (set discard to new)");
        }
        if (is.getMaxMsgsPerSubject() > 0 && (discardsOld || !is.isDiscardNewPerSubject())) {
            dangers.add("it keeps only the last messages of a subject (set max_msgs_per_subject to -1)");
        }
        return dangers;
    }

    /** Of a stream that keeps the last message of each subject. */
    static List<String> toOthers(StreamConfiguration is, String subject) {
        List<String> dangers = common(is, subject);
        if (is.getMaxMsgs() > 0 || is.getMaxBytes() > 0) {
            dangers.add("when it is full it discards the oldest message (set max_msgs and max_bytes to -1)");
        }
        return dangers;
    }

    private static List<String> common(StreamConfiguration is, String subject) {
        List<String> dangers = new ArrayList<>();
        if (is.getStorageType() != StorageType.File) {
            dangers.add("it is kept in memory (storage must be file)");
        }
        if (is.getRetentionPolicy() != RetentionPolicy.Limits) {
            dangers.add("its retention is '" + is.getRetentionPolicy()
                    + "', which forgets what no consumer of the moment wants (retention must be limits)");
        }
        if (is.getMaxAge() != null && !is.getMaxAge().isZero()) {
            dangers.add("it forgets messages by their age, read or not (set max_age to 0)");
        }
        if (is.getNoAck()) {
            dangers.add("it confirms nothing (set no_ack to false)");
        }
        if (is.getSealed()) {
            dangers.add("it is sealed and takes nothing");
        }
        if (is.getMirror() != null) {
            dangers.add("it is a mirror and takes nothing");
        }
        if (is.getSubjects() == null || !is.getSubjects().contains(subject)) {
            dangers.add("its subjects lack " + subject + " (add it)");
        }
        return dangers;
    }
}
