package dev.slackline.mcp.access;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which conversations are meant. What is denied stays so, whatever allows it; if anything is allowed by name, nothing else
 * is. Immutable.
 *
 * @param allowed {@code #name}, an id, or {@code dm} for all direct ones; empty for all that are not denied
 * @param denied the same
 */
public record ChannelRules(Set<String> allowed, Set<String> denied) {

    /** All of them. */
    public static final ChannelRules ALL = new ChannelRules(Set.of(), Set.of());

    private static final String DIRECT = "dm";
    private static final Pattern RULE = Pattern.compile("#[^\\s#!,]+|[CGDU][A-Z0-9]+|" + DIRECT);

    public ChannelRules {
        allowed = Set.copyOf(allowed);
        denied = Set.copyOf(denied);
    }

    /**
     * Reads {@code #channel}, {@code C0123}, {@code dm}, and each with {@code !} before it for those that are denied.
     *
     * @throws IllegalArgumentException if a part is none of these; the message says what is allowed
     */
    public static ChannelRules parse(List<String> parts) {
        Set<String> allowed = new LinkedHashSet<>();
        Set<String> denied = new LinkedHashSet<>();
        for (String part : parts) {
            boolean not = part.startsWith("!");
            String rule = (not ? part.substring(1) : part).strip();
            if (!RULE.matcher(rule).matches()) {
                throw new IllegalArgumentException(
                        "use channels such as #general, !#general, C0123ABCD or dm, with commas between them");
            }
            (not ? denied : allowed).add(rule.startsWith("#") ? rule.toLowerCase(Locale.ROOT) : rule);
        }
        return new ChannelRules(allowed, denied);
    }

    /** Whether a conversation is one of them. */
    public boolean permit(Conversation conversation) {
        return !isAmong(denied, conversation) && (allowed.isEmpty() || isAmong(allowed, conversation));
    }

    /** Whether what is in no conversation is one of them: no, if anything is allowed by name. */
    public boolean permitElsewhere() {
        return allowed.isEmpty();
    }

    /** Whether all are. */
    public boolean permitAll() {
        return allowed.isEmpty() && denied.isEmpty();
    }

    private static boolean isAmong(Set<String> rules, Conversation conversation) {
        return rules.contains(conversation.id())
                || (conversation.isDirect() ? rules.contains(DIRECT) : rules.contains("#" + conversation.name()));
    }
}
