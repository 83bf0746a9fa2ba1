package dev.slackline.mcp.protocol;

import dev.slackline.mcp.ResourceTemplate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The addresses that a resource template stands for: each variable is one piece without a slash, as level 1 of RFC 6570
 * has it.
 */
record Template(ResourceTemplate template, Pattern addresses) {

    private static final Pattern VARIABLE = Pattern.compile("\\{[^{}]*}");

    static Template of(ResourceTemplate template) {
        StringBuilder pattern = new StringBuilder();
        Matcher variables = VARIABLE.matcher(template.uriTemplate());
        int from = 0;
        while (variables.find()) {
            pattern.append(Pattern.quote(template.uriTemplate().substring(from, variables.start())))
                    .append("[^/?#]+");
            from = variables.end();
        }
        pattern.append(Pattern.quote(template.uriTemplate().substring(from)));
        return new Template(template, Pattern.compile(pattern.toString()));
    }

    boolean covers(String uri) {
        return addresses.matcher(uri).matches();
    }
}
