package dev.slackline.slack.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Arguments as a form, the one form that every method of Slack takes. Stateless. */
final class FormBody {

    private static final JsonMapper JSON = JsonMapper.shared();

    private FormBody() {}

    /**
     * Strings, numbers and booleans as they are, maps and lists as JSON; arguments that are null are left out.
     *
     * @throws IllegalArgumentException if something has no form in JSON
     */
    static String of(Map<String, ?> arguments) {
        return arguments.entrySet().stream()
                .filter(argument -> argument.getValue() != null)
                .map(argument -> encode(argument.getKey()) + "=" + encode(text(argument.getKey(), argument.getValue())))
                .collect(Collectors.joining("&"));
    }

    private static String text(String name, @Nullable Object value) {
        if (value instanceof CharSequence || value instanceof Number || value instanceof Boolean) {
            return value.toString();
        }
        try {
            return JSON.writeValueAsString(value);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("the argument " + name + " cannot be written as JSON", e);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
