package dev.slackline.mcp;

import java.util.Map;

/**
 * What a tool or a prompt asks the client before it can go on.
 *
 * @param kind who is to answer
 * @param params the protocol's own parameters of such a request
 */
public record Question(Kind kind, Map<String, Object> params) {

    /** Who is to answer. */
    public enum Kind {
        /** The person: a form, {@code elicitation/create}. */
        ELICITATION("elicitation", "elicitation/create"),
        /** The client's model, {@code sampling/createMessage}. */
        SAMPLING("sampling", "sampling/createMessage"),
        /** The client itself: its folders, {@code roots/list}. */
        ROOTS("roots", "roots/list");

        private final String capability;
        private final String method;

        Kind(String capability, String method) {
            this.capability = capability;
            this.method = method;
        }

        /** What a client calls this among its capabilities. */
        public String capability() {
            return capability;
        }

        /** The protocol's method. */
        public String method() {
            return method;
        }
    }

    /** Asks the person to fill in a form. */
    public static Question form(String message, Map<String, Object> schema) {
        return new Question(Kind.ELICITATION, Map.of("message", message, "requestedSchema", schema));
    }
}
