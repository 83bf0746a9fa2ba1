package dev.slackline.queue.testkit;

import dev.slackline.queue.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What came of every case on one backend (rule R6): {@code <backend>.json} for machines, {@code .txt} for people. */
final class ComplianceReport {

    enum Result {
        PASSED,
        FAILED,
        SKIPPED,
        /** In the kit, and left out of this run. */
        NOT_RUN
    }

    private record Run(String method, Result result, String remark, long millis) {}

    private record Started(Trial trial, long nanos) {}

    private final long seed = Long.getLong("slackline.compliance.seed", new Random().nextInt(Integer.MAX_VALUE));
    private final Map<String, Started> started = new HashMap<>();
    private final Map<Integer, List<Run>> runs = new TreeMap<>();
    private String backend = "unknown";
    private @Nullable String broker;
    private String withoutBroker = "the harness controls no broker";

    long seed() {
        return seed;
    }

    /** Takes down what is tried. */
    void of(BackendHarness harness) {
        backend = harness.reportName();
        if (broker == null) {
            broker =
                    harness.broker().map(running -> running.control().version()).orElse(null);
        }
        if (harness.isEmbedded()) {
            withoutBroker = "embedded, there is no broker process";
        }
    }

    void started(String uniqueId, Trial trial) {
        started.put(uniqueId, new Started(trial, System.nanoTime()));
    }

    Optional<Trial> trial(String uniqueId) {
        return Optional.ofNullable(started.get(uniqueId)).map(Started::trial);
    }

    void ended(String uniqueId, Case ids, String method, Result result, @Nullable Throwable cause) {
        Started start = started.remove(uniqueId);
        List<String> remarks =
                new ArrayList<>(start == null ? List.of() : start.trial().notes());
        if (cause != null) {
            remarks.add(firstLine(cause));
        }
        long millis = start == null ? 0 : (System.nanoTime() - start.nanos()) / 1_000_000;
        Run run = new Run(method, result, String.join("; ", remarks), millis);
        for (int id : ids.value()) {
            runs.computeIfAbsent(id, unused -> new ArrayList<>()).add(run);
        }
    }

    void write(String directory) {
        try {
            Path folder = Files.createDirectories(Path.of(directory));
            Files.write(folder.resolve(backend + ".json"), Payload.of(asMap()).bytes());
            Files.writeString(folder.resolve(backend + ".txt"), asTable(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the compliance report cannot be written to " + directory, e);
        }
    }

    private Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("backend", backend);
        map.put("broker", broker == null ? "" : broker);
        map.put("faultTested", notFaultTested().isEmpty());
        map.put("notFaultTestedBecause", notFaultTested().orElse(""));
        map.put("millis", millis(runs.values().stream().flatMap(List::stream).distinct()));
        map.put("seed", seed);
        map.put("jdk", System.getProperty("java.version"));
        map.put("scale", Scale.name());
        map.put("cases", Catalogue.all().stream().map(this::asMap).toList());
        return map;
    }

    private Map<String, Object> asMap(Catalogue.Entry entry) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("case", entry.id());
        map.put("title", entry.title());
        map.put("result", lower(result(entry)));
        map.put("remark", remark(entry));
        map.put("tests", runsOf(entry).stream().map(ComplianceReport::asMap).toList());
        return map;
    }

    private static Map<String, Object> asMap(Run run) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", run.method);
        map.put("result", lower(run.result));
        map.put("remark", run.remark);
        map.put("millis", run.millis);
        return map;
    }

    private String asTable() {
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                "Compliance of %s%s: %s%nfault-tested: %s%nseed %d, JDK %s, scale %s%n%n",
                backend,
                broker == null ? "" : " on " + broker,
                summary(),
                notFaultTested().map(why -> "no, " + why).orElse("yes"),
                seed,
                System.getProperty("java.version"),
                Scale.name()));
        for (Catalogue.Entry entry : Catalogue.all()) {
            table.append(String.format(
                    Locale.ROOT,
                    "%3d  %-8s %6d ms  %s%s%n",
                    entry.id(),
                    lower(result(entry)),
                    millis(runsOf(entry).stream()),
                    entry.title(),
                    remark(entry).isEmpty() ? "" : " [" + remark(entry) + "]"));
        }
        return table.toString();
    }

    private String summary() {
        Map<Result, Integer> counts = new TreeMap<>();
        Catalogue.all().forEach(entry -> counts.merge(result(entry), 1, Integer::sum));
        List<String> parts = new ArrayList<>();
        counts.forEach((result, count) -> parts.add(count + " " + lower(result)));
        return String.join(", ", parts);
    }

    /** A case failed if one of its tests did, and is skipped only if all of them are. */
    private Result result(Catalogue.Entry entry) {
        List<Run> of = runsOf(entry);
        if (of.isEmpty()) {
            return Result.NOT_RUN;
        }
        if (of.stream().anyMatch(run -> run.result == Result.FAILED)) {
            return Result.FAILED;
        }
        return of.stream().allMatch(run -> run.result == Result.SKIPPED) ? Result.SKIPPED : Result.PASSED;
    }

    private String remark(Catalogue.Entry entry) {
        return runsOf(entry).stream()
                .map(Run::remark)
                .filter(remark -> !remark.isEmpty())
                .distinct()
                .collect(Collectors.joining("; "));
    }

    /** Why it is not to be called fault-tested (rule R4); empty if it is. */
    private Optional<String> notFaultTested() {
        if (broker == null) {
            return Optional.of(withoutBroker);
        }
        List<String> missing = Catalogue.all().stream()
                .filter(Catalogue.Entry::broker)
                .filter(entry -> result(entry) == Result.FAILED || result(entry) == Result.NOT_RUN)
                .map(entry -> "case " + entry.id() + " " + lower(result(entry)))
                .toList();
        return missing.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", missing));
    }

    private static long millis(Stream<Run> of) {
        return of.mapToLong(Run::millis).sum();
    }

    private List<Run> runsOf(Catalogue.Entry entry) {
        return runs.getOrDefault(entry.id(), List.of());
    }

    private static String lower(Result result) {
        return result.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String firstLine(Throwable cause) {
        String text = String.valueOf(cause.getMessage()).strip();
        return text.lines().findFirst().orElse(cause.getClass().getSimpleName());
    }
}
