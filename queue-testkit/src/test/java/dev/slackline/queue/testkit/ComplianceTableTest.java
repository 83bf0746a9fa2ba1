package dev.slackline.queue.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.Payload;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComplianceTableTest {

    private static final Map<String, Object> EMBEDDED = Payload.parse("""
                    {"backend":"one","broker":"","faultTested":false,"notFaultTestedBecause":"embedded","seed":7,
                     "scale":"ci","jdk":"17","millis":61400,
                     "cases":[{"case":1,"result":"passed","remark":""},
                              {"case":2,"result":"skipped","remark":"requires nothing"},
                              {"case":7,"result":"skipped","remark":"no broker"},
                              {"case":13,"result":"skipped","remark":"no broker"}]}""").asMap();

    private static final Map<String, Object> WITH_BROKER = Payload.parse("""
                    {"backend":"two","broker":"Broker 1.2","faultTested":true,"notFaultTestedBecause":"","seed":8,
                     "scale":"ci","jdk":"25","millis":1000,
                     "cases":[{"case":1,"result":"failed","remark":"lost"},{"case":2,"result":"passed","remark":""}]}""").asMap();

    @Test
    void everyCaseIsARowAndEveryReportAColumn() {
        String table = ComplianceTable.render(List.of(EMBEDDED, WITH_BROKER));

        assertThat(table.lines())
                .contains(
                        "| Case |  | `one` | `two` |",
                        "|  | tried on | no broker | Broker 1.2 |",
                        "|  | fault-tested | no: embedded | yes |",
                        "|  | took | 61 s | 1 s |",
                        "| 1 | the documented minimum works, every declared variable is read | yes | **FAILED** |",
                        "| 2 | a missing required variable is named before anything is connected | – | yes |",
                        "| 3 | malformed values are named with their variables, all at once | not run | not run |");
        assertThat(table.lines().filter(line -> line.matches("\\| \\d+ \\|.*"))).hasSize(79);
    }

    @Test
    void whatWasSkippedIsListedWithItsReasons() {
        assertThat(ComplianceTable.render(List.of(EMBEDDED)))
                .contains("Not tried on `one`:\n\n* 2: requires nothing\n* 7, 13: no broker\n");
    }

    @Test
    void thePageKeepsWhatIsAroundTheTable() {
        String page = "before\n" + ComplianceTable.BEGIN + "\nold\n" + ComplianceTable.END + "\nafter\n";

        assertThat(ComplianceTable.into(page, "new\n"))
                .isEqualTo("before\n" + ComplianceTable.BEGIN + "\nnew\n" + ComplianceTable.END + "\nafter\n");
        assertThatThrownBy(() -> ComplianceTable.into("no marks", "new"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(ComplianceTable.BEGIN);
    }
}
