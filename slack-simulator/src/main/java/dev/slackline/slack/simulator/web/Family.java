package dev.slackline.slack.simulator.web;

import java.util.Map;

/** Methods that belong together. */
interface Family {

    /** Adds each under its name. */
    void register(Map<String, Method> methods);
}
