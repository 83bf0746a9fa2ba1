package dev.slackline.slack.simulator.web;

import java.util.ArrayList;
import java.util.List;

/** The calls of the Web API so far. Thread-safe. */
public final class Calls {

    private final List<ApiCall> all = new ArrayList<>();
    private final Runnable listener;

    /** Tells a listener of each call, after it was noted. */
    public Calls(Runnable listener) {
        this.listener = listener;
    }

    /** All of them, in the order of their answers. */
    public List<ApiCall> all() {
        synchronized (all) {
            return List.copyOf(all);
        }
    }

    /** Those of a method. */
    public List<ApiCall> of(String method) {
        synchronized (all) {
            return all.stream().filter(call -> call.method().equals(method)).toList();
        }
    }

    void add(ApiCall call) {
        synchronized (all) {
            all.add(call);
        }
        listener.run();
    }
}
