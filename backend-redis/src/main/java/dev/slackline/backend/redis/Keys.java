package dev.slackline.backend.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The names of the keys of one topic. All of them lie in the slot of the stream, so a script may use them together. */
final class Keys {

    private static final List<String> OF_GROUP = List.of(
            "leased",
            "waiting",
            "attempts",
            "lanes",
            "replayed",
            "dead",
            "buried",
            "members",
            "lots",
            "contents",
            "left");

    private final String stream;
    private final String prefix;

    Keys(String stream) {
        this.stream = stream;
        this.prefix = "{" + stream + "}:";
    }

    byte[] stream() {
        return Wire.utf8(stream);
    }

    /** The registry of groups. */
    byte[] groups() {
        return Wire.utf8(prefix + "groups");
    }

    byte[] bell() {
        return Wire.utf8(prefix + "bell");
    }

    /** Holds nothing that matters, and that not for long. */
    byte[] probe() {
        return Wire.utf8(prefix + "probe");
    }

    /** As {@code publish.lua} takes them. */
    List<byte[]> publishing() {
        return List.of(stream(), groups(), Wire.utf8(prefix + "counts"), Wire.utf8(prefix + "seen"));
    }

    /** As {@code common.lua} takes them. */
    List<byte[]> group(String name) {
        List<byte[]> keys = new ArrayList<>(List.of(stream(), groups(), Wire.utf8(prefix + "counts"), bell()));
        OF_GROUP.forEach(part -> keys.add(Wire.utf8(prefix + name + ":" + part)));
        return List.copyOf(keys);
    }

    /** Those that belong to no group. */
    List<byte[]> topic() {
        return Stream.concat(publishing().stream(), Stream.of(bell())).toList();
    }
}
