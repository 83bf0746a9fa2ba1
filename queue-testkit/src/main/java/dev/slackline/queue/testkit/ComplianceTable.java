package dev.slackline.queue.testkit;

import dev.slackline.queue.Payload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts a table of backends and cases into a Markdown page, from the reports of the kit. The page has a line {@value #BEGIN}
 * and a line {@value #END}; what is between them is replaced.
 */
public final class ComplianceTable {

    static final String BEGIN = "<!-- compliance: begin -->";
    static final String END = "<!-- compliance: end -->";

    private static final Map<String, String> MARKS =
            Map.of("passed", "yes", "failed", "**FAILED**", "skipped", "–", "not run", "not run");

    private ComplianceTable() {}

    /**
     * Writes it.
     *
     * @param arguments the page, then the reports ({@code target/compliance/*.json}), in the order of the columns
     */
    public static void main(String[] arguments) throws IOException {
        Path page = Path.of(arguments[0]);
        List<Map<String, Object>> reports = new ArrayList<>();
        for (String file : Arrays.asList(arguments).subList(1, arguments.length)) {
            reports.add(Payload.parse(Files.readAllBytes(Path.of(file))).asMap());
        }
        Files.writeString(page, into(Files.readString(page), render(reports)));
    }

    static String into(String page, String table) {
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("the page has no lines " + BEGIN + " and " + END);
        }
        return page.substring(0, begin) + BEGIN + "\n" + table + page.substring(end);
    }

    static String render(List<Map<String, Object>> reports) {
        StringBuilder table = new StringBuilder();
        row(table, "Case", "", reports, report -> "`" + report.get("backend") + "`");
        row(table, "--:", "---", reports, report -> "---");
        row(table, "", "tried on", reports, ComplianceTable::place);
        row(table, "", "fault-tested", reports, ComplianceTable::label);
        row(
                table,
                "",
                "seed, scale, JDK",
                reports,
                report -> report.get("seed") + ", " + report.get("scale") + ", " + report.get("jdk"));
        row(
                table,
                "",
                "took",
                reports,
                report -> report.get("millis") instanceof Number millis
                        ? Math.round(millis.doubleValue() / 1000) + " s"
                        : "");
        for (Catalogue.Entry entry : Catalogue.all()) {
            row(table, Integer.toString(entry.id()), entry.title(), reports, report -> {
                Object result = of(report, entry.id()).get("result");
                return MARKS.getOrDefault(String.valueOf(result), "not run");
            });
        }
        reports.forEach(report -> skipped(table, report));
        return table.toString();
    }

    private interface Cell {
        String of(Map<String, Object> report);
    }

    private static void row(
            StringBuilder table, String id, String title, List<Map<String, Object>> reports, Cell cell) {
        table.append("| ").append(id).append(" | ").append(title).append(" |");
        reports.forEach(report -> table.append(' ').append(cell.of(report)).append(" |"));
        table.append('\n');
    }

    private static String place(Map<String, Object> report) {
        String broker = String.valueOf(report.getOrDefault("broker", ""));
        return broker.isEmpty() ? "no broker" : broker;
    }

    private static String label(Map<String, Object> report) {
        return Boolean.TRUE.equals(report.get("faultTested")) ? "yes" : "no: " + report.get("notFaultTestedBecause");
    }

    /** Why cases were skipped, the cases of one reason together. */
    private static void skipped(StringBuilder table, Map<String, Object> report) {
        Map<String, List<String>> reasons = new LinkedHashMap<>();
        for (Catalogue.Entry entry : Catalogue.all()) {
            Map<?, ?> result = of(report, entry.id());
            if ("skipped".equals(result.get("result"))) {
                reasons.computeIfAbsent(String.valueOf(result.get("remark")), unused -> new ArrayList<>())
                        .add(Integer.toString(entry.id()));
            }
        }
        if (!reasons.isEmpty()) {
            table.append("\nNot tried on `").append(report.get("backend")).append("`:\n\n");
            reasons.forEach((reason, ids) -> table.append("* ")
                    .append(String.join(", ", ids))
                    .append(": ")
                    .append(reason)
                    .append('\n'));
        }
    }

    /** What came of a case; nothing where the report knows no such case. */
    private static Map<?, ?> of(Map<String, Object> report, int id) {
        for (Object each : (List<?>) report.getOrDefault("cases", List.of())) {
            if (each instanceof Map<?, ?> tried
                    && tried.get("case") instanceof Number number
                    && number.intValue() == id) {
                return tried;
            }
        }
        return Map.of();
    }
}
