package dev.slackline.app.process;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The lines of a {@code .env} file: {@code NAME=value}, with or without {@code export}; a value may stand in single or
 * double quotes; {@code #} starts a comment at the start of a line or after a blank. Nothing is expanded.
 */
final class DotEnv {

    private DotEnv() {}

    /**
     * Reads the lines.
     *
     * @param file what the file is called, for an error
     * @throws IllegalArgumentException naming the line that is none of the above
     */
    static Map<String, String> parse(String file, List<String> lines) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String assignment = line.startsWith("export ") ? line.substring(7).strip() : line;
            int equals = assignment.indexOf('=');
            String name = equals < 0 ? "" : assignment.substring(0, equals).strip();
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                throw new IllegalArgumentException(file + ", line " + (i + 1) + ": expected NAME=value");
            }
            values.put(name, value(assignment.substring(equals + 1).strip()));
        }
        return values;
    }

    private static String value(String text) {
        if (!text.isEmpty() && (text.charAt(0) == '"' || text.charAt(0) == '\'')) {
            int end = text.indexOf(text.charAt(0), 1);
            if (end > 0) {
                return text.substring(1, end);
            }
        }
        int comment = text.startsWith("#") ? 0 : text.indexOf(" #");
        return comment < 0 ? text : text.substring(0, comment).strip();
    }
}
