package dev.slackline.queue.testkit;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;

/** Gives each test method of the kit its {@link Trial}, checks and closes it afterwards, and keeps the report. */
final class Compliance
        implements ParameterResolver, BeforeAllCallback, AfterEachCallback, AfterAllCallback, TestWatcher {

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(Compliance.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Trial.class;
    }

    @Override
    public Trial resolveParameter(ParameterContext parameter, ExtensionContext context) {
        BackendHarness harness = context.getRequiredTestInstances()
                .findInstance(BackendHarness.class)
                .orElseThrow(() -> new IllegalStateException("the cases run inside a QueueBackendCompliance"));
        ComplianceReport report = report(context);
        report.of(harness);
        Trial trial =
                new Trial(harness, report.seed() + 31L * context.getUniqueId().hashCode());
        report.started(context.getUniqueId(), trial);
        return trial;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (isOutermost(context)) {
            context.getStore(NAMESPACE).put(ComplianceReport.class, new ComplianceReport());
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Optional<Trial> trial = report(context).trial(context.getUniqueId());
        try {
            if (context.getExecutionException().isEmpty()) {
                trial.ifPresent(Trial::check);
            }
        } finally {
            trial.ifPresent(Trial::close);
        }
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        ended(context, ComplianceReport.Result.PASSED, null);
    }

    @Override
    public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
        ended(context, ComplianceReport.Result.SKIPPED, cause);
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        ended(context, ComplianceReport.Result.FAILED, cause);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (isOutermost(context)) {
            report(context)
                    .write(context.getConfigurationParameter("slackline.compliance.reports")
                            .orElse("target/compliance"));
        }
    }

    private static void ended(ExtensionContext context, ComplianceReport.Result result, @Nullable Throwable cause) {
        Case ids = context.getRequiredTestMethod().getAnnotation(Case.class);
        if (ids != null) {
            report(context)
                    .ended(
                            context.getUniqueId(),
                            ids,
                            context.getRequiredTestMethod().getName(),
                            result,
                            cause);
        }
    }

    private static boolean isOutermost(ExtensionContext context) {
        return context.getEnclosingTestClasses().isEmpty();
    }

    private static ComplianceReport report(ExtensionContext context) {
        ComplianceReport report = context.getStore(NAMESPACE).get(ComplianceReport.class, ComplianceReport.class);
        if (report == null) {
            throw new IllegalStateException("the kit was not started");
        }
        return report;
    }
}
