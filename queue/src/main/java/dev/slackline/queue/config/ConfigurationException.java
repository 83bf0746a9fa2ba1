package dev.slackline.queue.config;

import java.util.List;

/** The configuration is wrong. Lists everything that is wrong at once; never shows the value of a secret. */
public final class ConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String[] problems;

    /** Takes one sentence for each problem, each naming the variable. */
    public ConfigurationException(List<String> problems) {
        super(
                problems.size() == 1
                        ? problems.get(0)
                        : problems.size() + " settings are wrong:\n  " + String.join("\n  ", problems));
        this.problems = problems.toArray(String[]::new);
    }

    /** {@link #ConfigurationException(List)} with one problem. */
    public ConfigurationException(String problem) {
        this(List.of(problem));
    }

    /** One sentence for each problem, each naming the variable. */
    public List<String> problems() {
        return List.of(problems);
    }
}
