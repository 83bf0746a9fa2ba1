package dev.slackline.queue;

/** Something was asked of a backend that lacks the ability. Never retryable. */
public final class UnsupportedFeatureException extends QueueException {

    private static final long serialVersionUID = 1L;

    private final Feature feature;

    /**
     * Says what is lacking.
     *
     * @param feature the ability it lacks
     * @param backend the name of the backend
     * @param topic the topic
     */
    public UnsupportedFeatureException(Feature feature, String backend, String topic) {
        super(
                "the backend " + backend + " lacks " + feature + " (" + feature.meaning()
                        + "); 'slackline backends' shows which backends have it",
                backend,
                topic,
                false,
                null);
        this.feature = feature;
    }

    /** The ability it lacks. */
    public Feature feature() {
        return feature;
    }
}
