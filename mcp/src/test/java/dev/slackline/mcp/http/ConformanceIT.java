package dev.slackline.mcp.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.mcp.conformance.Fixtures;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The protocol's own tests: its conformance suite, its inspector and its TypeScript clients. */
class ConformanceIT {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"2025-11-25, 30", "2026-07-28, 37"})
    void everyScoredScenarioOfTheConformanceSuitePasses(String version, int scenarios)
            throws IOException, InterruptedException {
        try (Served server = new Served(Fixtures.catalog(), Served.OPEN)) {
            Node.Result result = Node.run(
                    folder, "conformance", "server", "--url", server.uri().toString(), "--requirements", version);

            assertThat(result.output()).contains("=== SUMMARY ===");
            String scored = result.output().substring(result.output().indexOf("=== SUMMARY ==="));
            assertThat(scored.lines().filter(line -> line.startsWith("✓ ")).count())
                    .as(result.output())
                    .isGreaterThanOrEqualTo(scenarios);
            assertThat(result.code()).as(result.output()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"legacy", "modern"})
    void theInspectorFindsNothingToComplainAbout(String era) throws IOException, InterruptedException {
        try (Served server = new Served(Fixtures.catalog(), Served.OPEN)) {
            Node.Result result = Node.run(
                    folder,
                    "mcp-inspector",
                    "--cli",
                    server.uri().toString(),
                    "--transport",
                    "http",
                    "--protocol-era",
                    era,
                    "--method",
                    "tools/list",
                    "--strict");

            assertThat(result.code()).as(result.output()).isZero();
            assertThat(result.output()).contains("test_simple_text");
        }
    }

    @Test
    void bothTypeScriptClientsListAndCallTools() throws IOException, InterruptedException {
        try (Served server = new Served(Fixtures.catalog(), Served.OPEN)) {
            Node.Result result = Node.run(
                    folder, "node", Node.program("clients.mjs"), server.uri().toString());

            assertThat(result.code()).as(result.output()).isZero();
            int tools = Fixtures.catalog().tools().size();
            assertThat(result.output().lines())
                    .contains(
                            "sdk 2025-11-25 tools=" + tools + " text=This is a simple text response for testing.",
                            "client 2026-07-28 tools=" + tools + " text=This is a simple text response for testing.");
        }
    }
}
